"""Exports of the log in other people's schemas: FHIR R4 by `fhir.resources`, OCSF by an excerpt of its schema.

The npm package `fhir` checks the bundle as well where node and npm are there; the test says when they are not.
"""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLOISTER = os.environ.get("CLOISTER_BIN", str(ROOT / "target" / "release" / "cloister"))
SCHEMA = json.loads((pathlib.Path(__file__).parent / "ocsf-1.9.json").read_text())
NPM_FHIR = "fhir@4.12.0"
TYPES = {
    "string_t": str, "username_t": str, "hostname_t": str, "integer_t": int, "long_t": int,
    "timestamp_t": int, "boolean_t": bool,
}


def cloister(folder, *words):
    """Runs the program on an instance in the folder; fails with what it said."""
    environment = dict(
        os.environ, CLOISTER_TEST_LIGHT_KEYSTORE="1", CLOISTER_PASSPHRASE="correct horse battery"
    )
    said = subprocess.run(
        [CLOISTER, "--home", "instance", *words], cwd=folder, env=environment,
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, check=False,
    )
    if said.returncode != 0:
        raise AssertionError(f"cloister {' '.join(words)}: {said.returncode}\n{said.stderr}")
    return said.stdout


def faults(value, kind, where, profiles=()):
    """What breaks an OCSF class or object, one sentence each."""
    found = []
    attributes = kind["attributes"]
    for name, rule in attributes.items():
        wanted = rule.get("profile") is None or rule["profile"] in profiles
        if rule["requirement"] == "required" and wanted and name not in value:
            found.append(f"{where}.{name} is missing")
    for choice, names in (kind.get("constraints") or {}).items():
        if choice == "at_least_one" and not any(name in value for name in names):
            found.append(f"{where} has none of {names}")
    for name, inner in value.items():
        rule = attributes.get(name)
        if rule is None:
            found.append(f"{where}.{name} is unknown")
            continue
        if rule.get("profile") and rule["profile"] not in profiles:
            found.append(f"{where}.{name} needs the profile {rule['profile']}")
        inners = inner if rule.get("array") else [inner]
        if rule.get("array") and not isinstance(inner, list):
            found.append(f"{where}.{name} is no list")
            continue
        for each in inners:
            found += of_type(each, rule, f"{where}.{name}")
    return found


def of_type(value, rule, where):
    """What breaks the type of one value."""
    if not rule["type"].endswith("_t"):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        kind = SCHEMA["objects"].get(rule["type"])
        return faults(value, kind, where) if kind else []
    if "enum" in rule and value not in rule["enum"]:
        return [f"{where} is {value}, not one of {rule['enum']}"]
    wanted = TYPES.get(rule["type"])
    if wanted and (not isinstance(value, wanted) or (wanted is int and isinstance(value, bool))):
        return [f"{where} is not of {rule['type']}"]
    return []


def ocsf_faults(record):
    """What breaks an OCSF event."""
    kind = SCHEMA["classes"].get(str(record.get("class_uid")))
    if kind is None:
        return [f"class {record.get('class_uid')} is unknown"]
    found = faults(record, kind, kind["name"], record.get("metadata", {}).get("profiles", ()))
    if record["type_uid"] != record["class_uid"] * 100 + record["activity_id"]:
        found.append("type_uid is not class and activity")
    if record["category_uid"] != kind["category_uid"]:
        found.append("category_uid is not that of the class")
    if record["metadata"]["version"] != SCHEMA["version"]:
        found.append("another version of the schema")
    return found


class AuditExport(unittest.TestCase):
    """A demo's log with a disclosure, exported once for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.place.name)
        cloister(cls.folder, "demo", "--into", "demo", "--patients", "600")
        (cls.folder / "demo" / "instance").rename(cls.folder / "instance")
        passphrase = (cls.folder / "demo" / "passphrase").read_text().strip()
        os.environ["CLOISTER_PASSPHRASE_FILE"] = str(cls.folder / "demo" / "passphrase")
        assert passphrase
        cloister(cls.folder, "access", "role", "privacy-officer")
        cloister(
            cls.folder, "audit", "disclose", "--person", "4711", "--recipient", "registry",
            "--name", "State registry", "--purpose", "public-health", "--description", "report",
        )
        for form in ("fhir", "ocsf"):
            cloister(cls.folder, "audit", "export", "--format", form, "-o", f"log.{form}")
        account = cloister(
            cls.folder, "--json", "audit", "accounting", "--person", "4711", "--format", "fhir"
        )
        cls.account = json.loads(account)
        cls.fhir = json.loads((cls.folder / "log.fhir").read_text())
        lines = (cls.folder / "log.ocsf").read_text().splitlines()
        cls.ocsf = [json.loads(line) for line in lines[:-1]]

    @classmethod
    def tearDownClass(cls):
        os.environ.pop("CLOISTER_PASSPHRASE_FILE", None)
        cls.place.cleanup()

    def events(self):
        """The AuditEvents of both bundles."""
        entries = self.fhir["entry"][:-1] + self.account["entry"]
        return [entry["resource"] for entry in entries]

    def test_every_event_is_a_fhir_audit_event(self):
        from fhir.resources.R4B.auditevent import AuditEvent

        events = self.events()
        self.assertGreater(len(events), 20)
        for event in events:
            AuditEvent.model_validate(event)

    def test_the_package_refuses_an_event_without_its_time(self):
        from fhir.resources.R4B.auditevent import AuditEvent

        broken = dict(self.events()[0])
        del broken["recorded"]
        with self.assertRaises(ValueError):
            AuditEvent.model_validate(broken)

    def test_the_bundle_is_a_fhir_bundle(self):
        from fhir.resources.R4B.bundle import Bundle

        Bundle.model_validate(self.fhir)
        Bundle.model_validate(self.account)

    def test_reads_and_disclosures_keep_to_ihe_balp(self):
        claimed = [event for event in self.events() if "meta" in event]
        self.assertTrue(claimed)
        kinds = set()
        for event in claimed:
            profile = event["meta"]["profile"][0].rsplit(".", 1)[-1]
            kinds.add(profile)
            roles = [agent["type"]["coding"][0]["code"] for agent in event["agent"]]
            self.assertEqual((event["action"], event["outcome"]), ("R", "0"))
            for code in ("110152", "110153"):
                self.assertEqual(roles.count(code), 1, roles)
            for agent in event["agent"]:
                is_user = agent["type"]["coding"][0]["code"] == "IRCP"
                self.assertEqual(is_user, "network" not in agent)
            entities = [entity["type"]["code"] for entity in event["entity"]]
            self.assertIn("2", entities)
            if profile in ("PatientRead", "Source"):
                self.assertEqual(entities.count("1"), 1)
            if profile == "Source":
                self.assertEqual(event["type"]["code"], "110106")
                self.assertEqual(event["subtype"][0]["code"], "disclose")
            else:
                self.assertEqual(event["type"]["code"], "rest")
        self.assertIn("Source", kinds)

    def test_every_ocsf_record_keeps_to_the_schema(self):
        self.assertGreater(len(self.ocsf), 20)
        for record in self.ocsf:
            self.assertEqual(ocsf_faults(record), [])
        self.assertIn(6005, {record["class_uid"] for record in self.ocsf})

    def test_broken_ocsf_records_are_found(self):
        good = next(record for record in self.ocsf if record["class_uid"] == 6005)
        for name, value in (
            ("time", "yesterday"), ("severity_id", 42), ("type_uid", 1), ("shoe_size", 44),
            ("database", {"name": "x"}),
        ):
            self.assertNotEqual(ocsf_faults(dict(good, **{name: value})), [], name)
        for name in ("time", "metadata", "src_endpoint", "actor"):
            broken = {key: value for key, value in good.items() if key != name}
            if name == "metadata":
                self.assertRaises(KeyError, ocsf_faults, broken)
            else:
                self.assertNotEqual(ocsf_faults(broken), [], name)

    def test_the_npm_package_fhir_accepts_every_event(self):
        if not (shutil.which("node") and shutil.which("npm")):
            self.skipTest("node and npm are not here, so the npm package `fhir` was not asked")
        place = self.folder / "npm"
        place.mkdir()
        made = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", NPM_FHIR], cwd=place,
            capture_output=True, text=True, timeout=300, check=False,
        )
        if made.returncode != 0:
            self.skipTest("the npm package `fhir` could not be installed")
        (place / "events.json").write_text(json.dumps(self.events()))
        (place / "check.js").write_text(
            "const { Fhir } = require('fhir');\n"
            "const fhir = new Fhir();\n"
            "const bad = [];\n"
            "for (const event of require('./events.json')) {\n"
            "  const said = fhir.validate(event, { errorOnUnexpected: true });\n"
            "  if (!said.valid) bad.push(said.messages.filter((m) => m.severity === 'error'));\n"
            "}\n"
            "const broken = { ...require('./events.json')[0] };\n"
            "delete broken.recorded;\n"
            "const caught = !fhir.validate(broken).valid;\n"
            "console.log(JSON.stringify({ bad, caught }));\n"
        )
        said = subprocess.run(
            ["node", "check.js"], cwd=place, capture_output=True, text=True, timeout=300,
            check=False,
        )
        self.assertEqual(said.returncode, 0, said.stderr)
        told = json.loads(said.stdout)
        self.assertEqual(told["bad"], [])
        self.assertTrue(told["caught"], "an event without its time must be refused")


if __name__ == "__main__":
    unittest.main()
