"""Encrypted Parquet: pyarrow reads ours given the keys, we read pyarrow's, and nobody without."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOISTER = os.environ.get("CLOISTER_BIN", str(ROOT / "target" / "release" / "cloister"))


def cloister(folder, *words):
    """Runs the program on the demo's instance."""
    environment = dict(os.environ, CLOISTER_TEST_LIGHT_KEYSTORE="1")
    return subprocess.run(
        [CLOISTER, "--json", *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )


class Catalogue(pe.KmsClient):
    """Answers references, and makes them; a wrapped key in a file is nothing but its name."""

    keys = {}

    def __init__(self, _configuration):
        super().__init__()

    def wrap_key(self, key, master):
        name = f"ref.{master}.{len(self.keys)}"
        self.keys[name] = key
        return name

    def unwrap_key(self, name, _master):
        if name not in self.keys:
            raise PermissionError("the key was not given")
        return self.keys[name]


def decryption(keys):
    Catalogue.keys = keys
    factory = pe.CryptoFactory(Catalogue)
    return factory.file_decryption_properties(pe.KmsConnectionConfig())


class Parquet(unittest.TestCase):
    """A demo's de-identified table, exported once for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.at = pathlib.Path(cls.place.name)
        instance = ["--home", "demo/instance", "--passphrase-file", "demo/passphrase"]
        export = [*instance, "vault", "export-parquet", "readmission-deid", "patients"]
        for words in (
            ["demo", "--into", "demo", "--patients", "600"],
            [*instance, "access", "role", "data-engineer"],
            [*export, "-o", "all.parquet", "--keys", "all.json"],
            [*export, "-o", "some.parquet", "--keys", "some.json", "--classes", "quasi-id"],
        ):
            done = cloister(cls.at, *words)
            if done.returncode != 0:
                raise AssertionError(f"{words}: {done.returncode}\n{done.stderr}")
        cls.columns = json.loads(done.stdout)["columns"]
        cls.instance = instance

    @classmethod
    def tearDownClass(cls):
        cls.place.cleanup()

    def keys(self, name):
        given = json.loads((self.at / name).read_text())["keys"]
        return {name: bytes.fromhex(key) for name, key in given.items()}

    def test_pyarrow_reads_what_cloister_wrote(self):
        properties = decryption(self.keys("all.json"))
        table = pq.ParquetFile(self.at / "all.parquet", decryption_properties=properties).read()
        self.assertEqual(table.column_names, list(self.columns))
        self.assertGreater(table.num_rows, 100)

        done = cloister(
            self.at, "vault", "open-parquet", "all.parquet", "--keys", "all.json", "-o", "all.jsonl"
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        ours = [json.loads(line) for line in (self.at / "all.jsonl").read_text().splitlines()]
        self.assertEqual(table.to_pylist(), ours)

    def test_without_keys_there_is_nothing_to_see(self):
        whole = (self.at / "all.parquet").read_bytes()
        self.assertEqual((whole[:4], whole[-4:]), (b"PARE", b"PARE"))
        for column in self.columns:
            if len(column) > 4:
                self.assertNotIn(column.encode(), whole)
        with self.assertRaises(Exception):
            pq.read_table(self.at / "all.parquet")
        with self.assertRaises(Exception):
            decrypted = decryption({})
            pq.ParquetFile(self.at / "all.parquet", decryption_properties=decrypted)

    def test_keys_of_one_class_read_its_columns_and_no_other(self):
        quasi = [name for name, kind in self.columns.items() if kind == "quasi-id"]
        others = [name for name in self.columns if name not in quasi]
        self.assertTrue(quasi and others)
        properties = decryption(self.keys("some.json"))
        opened = pq.ParquetFile(self.at / "some.parquet", decryption_properties=properties)
        self.assertGreater(opened.read(columns=quasi).num_rows, 100)
        for column in others:
            with self.subTest(column=column), self.assertRaises(Exception):
                opened.read(columns=[column])

        words = ["vault", "open-parquet", "some.parquet", "--keys", "some.json", "-o", "some.csv"]
        done = cloister(self.at, *words, "--columns", ",".join(quasi))
        self.assertEqual(done.returncode, 0, done.stderr)
        done = cloister(self.at, *words)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(json.loads(done.stderr)["error"]["code"], "CL1060")

    def test_cloister_reads_what_pyarrow_wrote(self):
        table = pa.table({
            "ssn": ["078-05-1120", None, "219-09-9999"],
            "age": [41, 7, None],
            "creatinine": [0.9, None, 1.4],
        })
        Catalogue.keys = {}
        configuration = pe.EncryptionConfiguration(
            footer_key="footer",
            column_keys={"direct-id": ["ssn"], "quasi-id": ["age"], "clinical": ["creatinine"]},
            double_wrapping=False,
            data_key_length_bits=256,
        )
        factory = pe.CryptoFactory(Catalogue)
        connection = pe.KmsConnectionConfig()
        properties = factory.file_encryption_properties(connection, configuration)
        with pq.ParquetWriter(
            self.at / "theirs.parquet", table.schema, encryption_properties=properties
        ) as writer:
            writer.write_table(table)
        keys = {name: key.hex() for name, key in Catalogue.keys.items()}
        (self.at / "theirs.json").write_text(json.dumps({"place": None, "keys": keys}))
        words = ["vault", "open-parquet", "theirs.parquet", "--keys", "theirs.json", "-o", "t.jsonl"]
        done = cloister(self.at, *words)
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = [json.loads(line) for line in (self.at / "t.jsonl").read_text().splitlines()]
        self.assertEqual(rows, table.to_pylist())

        whole = bytearray((self.at / "theirs.parquet").read_bytes())
        whole[24] ^= 1  # in the ciphertext of the first page's header
        (self.at / "theirs.parquet").write_bytes(whole)
        done = cloister(self.at, *words)
        self.assertEqual(done.returncode, 4, done.stderr)

    def test_a_place_that_is_not_in_the_file_is_asked_for(self):
        table = pa.table({"zip": ["02139", "90210"]})
        key = bytes(range(32))
        properties = pe.create_encryption_properties(
            key, aad_prefix=b"ward/7", store_aad_prefix=False
        )
        pq.write_table(table, self.at / "placed.parquet", encryption_properties=properties)
        for place, code in (("ward/7", 0), ("ward/8", 4), (None, 4)):
            with self.subTest(place=place):
                file = {"place": place, "keys": {"": key.hex()}}
                (self.at / "placed.json").write_text(json.dumps(file))
                done = cloister(
                    self.at, "vault", "open-parquet", "placed.parquet",
                    "--keys", "placed.json", "-o", "placed.csv",
                )
                self.assertEqual(done.returncode, code, done.stderr)

    def test_identified_data_does_not_leave_encrypted_either(self):
        done = cloister(
            self.at, *self.instance, "vault", "export-parquet", "readmission", "patients",
            "-o", "never.parquet", "--keys", "never.json",
        )
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertFalse((self.at / "never.parquet").exists())
        self.assertFalse((self.at / "never.json").exists())


if __name__ == "__main__":
    unittest.main()
