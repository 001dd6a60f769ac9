"""Objects in a bucket that speaks S3, on the PyPI package moto: a whole demo lives there."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import boto3
from moto.server import ThreadedMotoServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOISTER = os.environ.get("CLOISTER_BIN", str(ROOT / "target" / "release" / "cloister"))
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing-secret"}
STUDY = """
[study]
name = "small"
title = "A small study"
purpose = "operations"
legal_basis = "operations"
owner = "ada"

[[source]]
path = "people.csv"
table = "people"
columns = ["person", "age", "note"]
person = "person"
"""


class Bucket(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        cls.server.start()
        _, port = cls.server.get_host_and_port()
        cls.endpoint = f"http://127.0.0.1:{port}"
        cls.s3 = boto3.client(
            "s3", endpoint_url=cls.endpoint, region_name="us-east-1",
            aws_access_key_id="testing", aws_secret_access_key="testing-secret",
        )
        cls.s3.create_bucket(Bucket="vault")
        cls.place = tempfile.TemporaryDirectory()
        cls.at = pathlib.Path(cls.place.name)
        (cls.at / "people.csv").write_text(
            "person,age,note\n" + "".join(f"p{n},{20 + n % 60},seen {n} times\n" for n in range(500))
        )
        (cls.at / "study.toml").write_text(STUDY)
        done = cls.run_cloister(
            "init", "--operator", "ada", "--role", "data-engineer",
            "--objects", "s3://vault/hospital/a", "--endpoint", cls.endpoint,
        )
        if done.returncode == 0:
            done = cls.run_cloister("study", "run", "study.toml")
        if done.returncode != 0:
            raise AssertionError(f"{done.returncode}: {done.stderr}")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.place.cleanup()

    @classmethod
    def run_cloister(cls, *words, keys=KEYS):
        environment = dict(
            os.environ, CLOISTER_TEST_LIGHT_KEYSTORE="1", CLOISTER_HOME=str(cls.at / "instance"),
            CLOISTER_PASSPHRASE="correct horse battery staple", **keys,
        )
        return subprocess.run(
            [CLOISTER, "--json", *words], cwd=cls.at, env=environment,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
        )

    def listed(self):
        listing = self.s3.list_objects_v2(Bucket="vault").get("Contents", [])
        return [one["Key"] for one in listing]

    def test_only_ciphertext_named_by_its_digest_is_in_the_bucket(self):
        import hashlib

        names = self.listed()
        self.assertTrue(names)
        for name in names:
            self.assertTrue(name.startswith("hospital/a/objects/"))
            body = self.s3.get_object(Bucket="vault", Key=name)["Body"].read()
            self.assertEqual(hashlib.sha256(body).hexdigest(), name.rsplit("/", 1)[1])
            self.assertNotIn(b"seen 1 times", body)
        self.assertFalse(any((self.at / "instance" / "objects").iterdir()))

    def test_the_vault_verifies_and_a_changed_object_is_named(self):
        done = self.run_cloister("vault", "verify")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["objects"], len(self.listed()))

        name = self.listed()[0]
        body = self.s3.get_object(Bucket="vault", Key=name)["Body"].read()
        changed = bytearray(body)
        changed[len(body) // 2] ^= 1
        self.s3.put_object(Bucket="vault", Key=name, Body=bytes(changed))
        done = self.run_cloister("vault", "verify")
        self.assertEqual(done.returncode, 4)
        self.assertEqual(json.loads(done.stdout)["findings"][0]["object"], name.rsplit("/", 1)[1])
        self.s3.delete_object(Bucket="vault", Key=name)
        done = self.run_cloister("doctor", "--db")
        self.assertEqual(done.returncode, 4)
        self.assertIn("is missing", done.stdout)
        self.s3.put_object(Bucket="vault", Key=name, Body=body)
        self.assertEqual(self.run_cloister("doctor", "--db").returncode, 0)

    def test_orphans_are_found_and_collected(self):
        orphan = "hospital/a/objects/" + "ab" * 32
        self.s3.put_object(Bucket="vault", Key=orphan, Body=b"left over")
        done = self.run_cloister("vault", "orphans")
        self.assertEqual(json.loads(done.stdout)["count"], 1, done.stderr)
        before = len(self.listed())
        done = self.run_cloister("vault", "collect")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.listed()), before - 1)
        done = self.run_cloister("vault", "orphans")
        self.assertEqual(json.loads(done.stdout)["count"], 0)

    def test_keys_come_from_a_file_too_and_never_from_an_argument(self):
        path = self.at / "keys"
        path.write_text("[default]\naws_access_key_id = testing\naws_secret_access_key = s\n")
        home = ["--home", str(self.at / "second")]
        done = self.run_cloister(
            *home, "init", "--objects", "s3://vault/hospital/b", "--endpoint", self.endpoint,
            "--objects-keys", str(path), keys={},
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        done = self.run_cloister(
            "--home", str(self.at / "third"), "init", "--objects", "s3://vault/c",
            "--endpoint", self.endpoint.replace("http://", "http://key:secret@"),
        )
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertNotIn("secret", done.stderr)

    def test_a_bucket_that_is_not_there_is_told_before_anything_is_made(self):
        home = self.at / "nowhere"
        done = self.run_cloister(
            "--home", str(home), "init", "--objects", "s3://missing-bucket", "--endpoint",
            self.endpoint,
        )
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(home.exists())


if __name__ == "__main__":
    unittest.main()
