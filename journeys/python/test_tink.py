"""Sealed files are Tink streaming AEAD, AES256_GCM_HKDF_1MB: Tink opens ours, we open Tink's."""

import io
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import tink
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, tink_pb2

CLOISTER = os.environ["CLOISTER_BIN"]
CONTEXT = "model/readmission/1"
SEGMENT = 1 << 20
LENGTHS = [
    0,
    1,
    SEGMENT - 57,
    SEGMENT - 56,
    SEGMENT - 55,
    2 * SEGMENT - 72,
    2 * SEGMENT - 71,
    5_000_000,
]


def content(length):
    return (bytes(range(251)) * (length // 251 + 1))[:length]


class Tink(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        streaming_aead.register()
        handle = tink.new_keyset_handle(
            streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB
        )
        cls.primitive = handle.primitive(streaming_aead.StreamingAead)
        serialized = tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
        keyset = tink_pb2.Keyset.FromString(serialized)
        key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey.FromString(
            keyset.key[0].key_data.value
        )
        cls.folder = tempfile.TemporaryDirectory()
        cls.at = pathlib.Path(cls.folder.name)
        cls.key = cls.at / "key.hex"
        cls.key.write_text(key.key_value.hex())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def cloister(self, verb, source, target, *more):
        return subprocess.run(
            [CLOISTER, "--json", "vault", verb, str(source), "--key", str(self.key)]
            + ["--context", CONTEXT, "-o", str(target), *more],
            capture_output=True,
            text=True,
        )

    def tink_seals(self, plain):
        out = io.BytesIO()
        out.close = lambda: None
        with self.primitive.new_encrypting_stream(out, CONTEXT.encode()) as stream:
            stream.write(plain)
        return out.getvalue()

    def tink_opens(self, sealed):
        source = io.BytesIO(sealed)
        return self.primitive.new_decrypting_stream(source, CONTEXT.encode()).read()

    def test_tink_opens_what_cloister_sealed(self):
        for length in LENGTHS:
            with self.subTest(length=length):
                plain, sealed = self.at / "plain", self.at / "sealed"
                plain.write_bytes(content(length))
                done = self.cloister("seal-file", plain, sealed)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(self.tink_opens(sealed.read_bytes()) == content(length))

    def test_tink_opens_what_was_broken_off_and_went_on(self):
        plain, sealed = self.at / "long", self.at / "went-on"
        plain.write_bytes(content(3_500_000))
        self.assertEqual(self.cloister("seal-file", plain, sealed).returncode, 0)
        whole = sealed.read_bytes()
        for kept in [0, 39, 40, 1_000, SEGMENT, SEGMENT + 70, len(whole) - 1, len(whole)]:
            with self.subTest(kept=kept):
                partial = self.at / "went-on.partial"
                partial.write_bytes(whole[:kept])
                done = self.cloister("seal-file", plain, sealed, "--resume")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertFalse(partial.exists())
                again = sealed.read_bytes()
                self.assertTrue(kept < 40 or again == whole)
                self.assertTrue(self.tink_opens(again) == content(3_500_000))

    def test_cloister_opens_what_tink_sealed(self):
        for length in LENGTHS:
            with self.subTest(length=length):
                sealed, plain = self.at / "sealed", self.at / "plain"
                sealed.write_bytes(self.tink_seals(content(length)))
                done = self.cloister("open-file", sealed, plain)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(plain.read_bytes() == content(length))

    def test_a_changed_byte_is_refused_by_both(self):
        sealed = self.at / "sealed"
        whole = bytearray(self.tink_seals(content(3_000_000)))
        whole[1_500_000] ^= 1
        sealed.write_bytes(whole)
        done = self.cloister("open-file", sealed, self.at / "never")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(json.loads(done.stderr)["error"]["code"], "CL3003")
        self.assertFalse((self.at / "never").exists())
        with self.assertRaises(Exception):
            self.tink_opens(bytes(whole))


if __name__ == "__main__":
    unittest.main()
