"""The PyPI package `model_signing` reads, offline and with the public key only, what Cloister signs."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOISTER = os.environ.get("CLOISTER_BIN", str(ROOT / "target" / "release" / "cloister"))
# Written beside the model for who checks it; it is no part of what is signed.
UNSIGNED = ["public-key.pem"]


def cloister(folder, *words):
    """Runs the program on the demo's instance."""
    environment = dict(os.environ, CLOISTER_TEST_LIGHT_KEYSTORE="1")
    return subprocess.run(
        [CLOISTER, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )


class ModelSigning(unittest.TestCase):
    """A demo's model, exported once for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.place.name)
        instance = ["--home", "demo/instance", "--passphrase-file", "demo/passphrase"]
        for words in (
            ["demo", "--into", "demo", "--patients", "1000"],
            [*instance, "access", "role", "data-engineer"],
            [*instance, "model", "export", "readmission", "-o", "model"],
        ):
            said = cloister(folder, *words)
            if said.returncode != 0:
                raise AssertionError(f"cloister {' '.join(words)}: {said.returncode}\n{said.stderr}")
        cls.model = folder / "model"

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def verify(self, key=None):
        """Asks the package; says how it ended."""
        words = [sys.executable, "-m", "model_signing", "verify", "key", str(self.model)]
        words += ["--signature", str(self.model / "model.sig")]
        words += ["--public_key", str(key or self.model / "public-key.pem")]
        for name in UNSIGNED:
            words += ["--ignore-paths", str(self.model / name)]
        return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)

    def changed(self, name):
        """One byte in the middle of a file is another, until the test ends."""
        path = self.model / name
        whole = path.read_bytes()
        self.addCleanup(path.write_bytes, whole)
        broken = bytearray(whole)
        broken[len(broken) // 2] ^= 1
        path.write_bytes(broken)

    def test_the_package_verifies_the_bundle(self):
        said = self.verify()
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)

    def test_the_package_refuses_a_tampered_model(self):
        self.changed("model.safetensors")
        self.assertNotEqual(self.verify().returncode, 0)

    def test_the_package_refuses_a_tampered_card(self):
        self.changed("card.json")
        self.assertNotEqual(self.verify().returncode, 0)

    def test_the_package_refuses_a_tampered_feature_list(self):
        self.changed("features.json")
        self.assertNotEqual(self.verify().returncode, 0)

    def test_the_package_refuses_a_file_that_was_added(self):
        added = self.model / "more.txt"
        added.write_text("added later")
        self.addCleanup(added.unlink)
        self.assertNotEqual(self.verify().returncode, 0)

    def test_the_package_refuses_another_key(self):
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        public = ec.generate_private_key(ec.SECP256R1()).public_key()
        key = pathlib.Path(self.place.name) / "another.pem"
        key.write_bytes(
            public.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )
        self.assertNotEqual(self.verify(key).returncode, 0)


if __name__ == "__main__":
    unittest.main()
