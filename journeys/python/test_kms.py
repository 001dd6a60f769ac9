"""Other people's programs read what Cloister makes of its root key.

A stand-in for AWS KMS, the PyPI package `moto`, keeps the root key of an instance; the PyPI package
`shamir-mnemonic`, the reference implementation of SLIP-0039, joins the shares of one.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import shamir_mnemonic

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOISTER = os.environ.get("CLOISTER_BIN", str(ROOT / "target" / "release" / "cloister"))
PASSPHRASE = "correct horse battery staple"
ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "eu-central-1",
}


class Instance:
    """An instance of the administrator in a temporary folder."""

    def __init__(self, test):
        place = tempfile.TemporaryDirectory()
        test.addCleanup(place.cleanup)
        self.folder = pathlib.Path(place.name)
        self.environment = dict(os.environ, CLOISTER_TEST_LIGHT_KEYSTORE="1")
        self.environment.pop("CLOISTER_PASSPHRASE_FILE", None)
        self.environment["CLOISTER_PASSPHRASE"] = PASSPHRASE
        self.done("init", "--operator", "ada", "--role", "administrator")

    def run(self, *words):
        """Runs the program; says how it ended."""
        return subprocess.run(
            [CLOISTER, "--home", "instance", *words], cwd=self.folder, env=self.environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
        )

    def done(self, *words):
        """Runs the program and reads its document."""
        said = self.run("--json", *words)
        if said.returncode != 0:
            raise AssertionError(f"cloister {' '.join(words)}: {said.returncode}\n{said.stderr}")
        return json.loads(said.stdout)


class KeyManagementService(unittest.TestCase):
    """One server for all tests; each makes keys of its own."""

    @classmethod
    def setUpClass(cls):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        cls.address = f"http://127.0.0.1:{port}"
        cls.server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.1)
        cls.server.kill()
        raise AssertionError("the server of moto did not start")

    @classmethod
    def tearDownClass(cls):
        cls.server.kill()
        cls.server.wait()

    def ask(self, act, **body):
        """A call of the key owner's own, not of Cloister's."""
        request = urllib.request.Request(
            self.address + "/", data=json.dumps(body).encode(),
            headers={
                "X-Amz-Target": f"TrentService.{act}",
                "Content-Type": "application/x-amz-json-1.1",
                "Authorization": "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/eu-central-1"
                                 "/kms/aws4_request, SignedHeaders=host, Signature=0",
            },
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or b"{}")

    def moved(self):
        """An instance whose root key the service keeps, and the key there."""
        key = self.ask("CreateKey")["KeyMetadata"]["KeyId"]
        instance = Instance(self)
        instance.environment.update(ACCOUNT, CLOISTER_KMS_ENDPOINT=self.address)
        kept = instance.done("key", "provider", "aws-kms", key)["kept_by"]
        self.assertEqual(kept, [{"kind": "aws-kms", "key": key}])
        return instance, key

    def test_an_instance_opens_with_the_service_and_without_the_passphrase(self):
        instance, _ = self.moved()
        del instance.environment["CLOISTER_PASSPHRASE"]
        self.assertEqual(instance.done("key", "rotate")["data_rewritten"], 0)
        self.assertEqual(len(instance.done("key", "status")["keks"]), 2)
        instance.done("doctor")
        self.assertNotIn(ACCOUNT["AWS_SECRET_ACCESS_KEY"],
                         (instance.folder / "instance" / "keystore").read_bytes().decode("latin-1"))

    def test_a_service_that_is_away_is_told_and_nothing_is_changed(self):
        instance, key = self.moved()
        instance.environment["CLOISTER_KMS_ENDPOINT"] = "http://127.0.0.1:9"
        away = instance.run("key", "status")
        self.assertEqual(away.returncode, 1, away.stderr)
        self.assertIn("CL3052", away.stderr)
        instance.environment["CLOISTER_KMS_ENDPOINT"] = self.address
        self.assertEqual(instance.done("key", "status")["kept_by"][0]["key"], key)

    def test_what_another_instance_had_wrapped_does_not_open(self):
        one, key = self.moved()
        other = Instance(self)
        other.environment.update(ACCOUNT, CLOISTER_KMS_ENDPOINT=self.address)
        other.done("key", "provider", "aws-kms", key)
        place = pathlib.Path("instance") / "keystore"
        (other.folder / place).write_bytes((one.folder / place).read_bytes())
        refused = other.run("key", "status")
        self.assertEqual(refused.returncode, 4, refused.stderr)

    def test_secrets_are_no_words_of_the_command_line(self):
        said = subprocess.run([CLOISTER, "key", "provider", "--help"], capture_output=True,
                              text=True, timeout=60, check=True).stdout
        for word in ("--pin", "--token ", "--secret", "--passphrase "):
            self.assertNotIn(word, said)


class Shares(unittest.TestCase):
    """SLIP-0039 as its authors implement it."""

    def test_the_reference_implementation_joins_our_shares(self):
        instance = Instance(self)
        (instance.folder / "bob.txt").write_text("a phrase of bob's own")
        own = ("--approval-passphrase-file", "bob.txt")
        instance.done("key", "approver", "bob", *own)
        split = ("key", "split", "--shares", "5", "--threshold", "3")
        request = instance.run(*split).stderr.split("`")[1]
        instance.done("key", "approve", request, "--as", "bob", *own)
        shares = [share["words"] for share in instance.done(*split)["shares"]]
        self.assertEqual(len(shares), 5)
        secrets = {shamir_mnemonic.combine_mnemonics(chosen)
                   for chosen in (shares[:3], shares[2:], shares[::2])}
        self.assertEqual(len(secrets), 1)
        self.assertEqual(len(secrets.pop()), 32)
        with self.assertRaises(shamir_mnemonic.MnemonicError):
            shamir_mnemonic.combine_mnemonics(shares[:2])

    def test_a_share_of_another_root_key_is_refused_by_its_set(self):
        foreign = shamir_mnemonic.generate_mnemonics(1, [(2, 3)], bytes(range(32)))[0]
        instance = Instance(self)
        (instance.folder / "shares.txt").write_text("\n".join(foreign[:2]) + "\n")
        refused = instance.run("key", "join", "--check", "shares.txt")
        self.assertEqual(refused.returncode, 3, refused.stderr)
        self.assertIn("CL3051", refused.stderr)


if __name__ == "__main__":
    unittest.main()
