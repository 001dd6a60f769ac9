//! De-identifying files: folders of mixed formats, standard input, crosswalks, spans.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    house::files_below,
    program::{Said, command, run, said},
};

/// Identifiers of the two persons of [`folder`], none of which may be left anywhere.
const IDENTIFIERS: [&str; 15] = [
    "Quillfeather",
    "Ysolde",
    "Brannigan",
    "55512345",
    "55598765",
    "617-555-0143",
    "617.555.0143",
    "1931",
    "20210314",
    "04-05",
    "4/5/",
    "P001",
    "P002",
    "02139",
    "ysolde@example.org",
];

#[test]
fn a_folder_of_mixed_files_comes_out_without_identifiers_and_with_one_code_a_person() {
    let place = TempDir::new().expect("a folder");
    let input = folder(place.path());
    let output = place.path().join("out");

    deid(&input, &output, &[]).done().keeps_back(&IDENTIFIERS);

    let patients = fs::read_to_string(output.join("patients.csv")).expect("the table");
    let code = patients
        .lines()
        .nth(1)
        .and_then(|line| line.split(',').next())
        .and_then(|code| code.strip_prefix("PERSON-"))
        .expect("a code")
        .to_owned();
    for path in files_below(&output) {
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).expect("a result");
        for identifier in IDENTIFIERS {
            assert!(!text.contains(identifier), "`{identifier}` in {text}");
            assert!(!name.contains(identifier), "`{identifier}` in a name");
        }
        assert!(text.contains(&code), "no {code} in {name}: {text}");
    }
    let note = output.join(format!("notes/PERSON-{code}.txt"));
    let note = fs::read_to_string(note).expect("the note under the person's code");
    assert!(note.contains("BP 120/80, Parkinson disease"), "{note}");
    let feed = fs::read_to_string(output.join("feed.hl7")).expect("the messages");
    assert!(
        feed.contains("OBX|1|NM|718-7^Hemoglobin^LN||13.5|g/dL|12-16|N|||F"),
        "{feed}"
    );
}

#[test]
fn what_cannot_be_read_stops_the_run_and_leaves_nothing_unless_told_to_go_on() {
    let place = TempDir::new().expect("a folder");
    let input = folder(place.path());
    fs::write(input.join("torn.txt"), b"caf\xe9").expect("a file");
    let output = place.path().join("out");

    deid(&input, &output, &[]).ended(1, "CL1002");
    assert!(!output.exists());
    assert_eq!(left_behind(place.path()), Vec::<PathBuf>::new());

    let told = deid(&input, &output, &["--keep-going", "--json"]).done();
    let told = told.json();
    assert_eq!(told["skipped"][0]["code"], "CL1002");
    assert_eq!(told["files"].as_array().map(Vec::len), Some(5));
    assert!(!output.join("torn.txt").exists());
    deid(&input, &output, &["--keep-going"]).ended(2, "CL6005");
}

#[test]
fn a_crosswalk_keeps_codes_between_runs_and_counts_who_opened_it() {
    let place = TempDir::new().expect("a folder");
    let input = folder(place.path());
    let crosswalk = place.path().join("study.crosswalk");
    let crosswalk = crosswalk.to_str().expect("a path");
    let [one, two] = ["one", "two"].map(|name| place.path().join(name));

    deid(&input, &one, &["--crosswalk", crosswalk]).done();
    deid(&input, &two, &["--crosswalk", crosswalk]).done();

    let files = files_below(&one);
    assert_eq!(files.len(), 5);
    for path in files {
        let other = two.join(path.strip_prefix(&one).expect("below"));
        assert_eq!(fs::read(&path).expect("one"), fs::read(other).expect("two"));
    }
    let sealed = fs::read(crosswalk).expect("the crosswalk");
    assert!(!String::from_utf8_lossy(&sealed).contains("P001"));

    let patients = fs::read_to_string(one.join("patients.csv")).expect("the table");
    let code = patients
        .split(['\n', ','])
        .find(|cell| cell.starts_with("PERSON-"))
        .expect("a code");
    let reveal = ["deid", "crosswalk", "reveal", crosswalk, code, "--reason"];
    run(&[&reveal[..], &[" "]].concat()).ended(2, "CL6004");
    let told = run(&[&reveal[..], &["ticket 12"]].concat()).done();
    // The first key under which the person was met: the record number of the message.
    assert_eq!(told.stdout.trim(), "55512345");

    let shown = run(&["deid", "crosswalk", "show", crosswalk, "--json"]).done();
    let accesses = shown.json()["accesses"].clone();
    let deeds: Vec<&str> = accesses
        .as_array()
        .expect("accesses")
        .iter()
        .filter_map(|access| access["deed"].as_str())
        .collect();
    assert_eq!(deeds, ["deid", "deid", "reveal"]);
    assert!(
        accesses[2]["note"]
            .as_str()
            .expect("a note")
            .contains("ticket 12")
    );

    let mut stranger = command();
    stranger.env("CLOISTER_PASSPHRASE", "not the passphrase at all");
    let show = ["deid", "crosswalk", "show", crosswalk];
    said(stranger.args(show)).refused("CL3011");
}

#[test]
fn standard_input_is_rewritten_line_by_line() {
    let place = TempDir::new().expect("a folder");
    let input = folder(place.path());
    let known = input.join("patients.csv");
    let mut filter = command()
        .args(["deid", "--stdin", "--format", "text", "--known"])
        .arg(&known)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let lines = "Ysolde Quillfeather, dose of lasix?\nno fever, BP 120/80\n";
    filter
        .stdin
        .take()
        .expect("its input")
        .write_all(lines.as_bytes())
        .expect("the program reads");
    let output = filter.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");

    assert!(output.status.success());
    assert!(text.starts_with("[NAME"), "{text}");
    assert!(
        text.ends_with(", dose of lasix?\nno fever, BP 120/80\n"),
        "{text}"
    );
}

#[test]
fn spans_tell_where_identifiers_stand_as_python_slices_do() {
    let place = TempDir::new().expect("a folder");
    let file = place.path().join("notes.jsonl");
    let text = "\u{1d4d0} naïve plan; reach ysolde@example.org.";
    let line = serde_json::json!({ "note": 7, "body": text });
    fs::write(&file, format!("{line}\n")).expect("a file");
    let file = file.to_str().expect("a path");
    let spans = ["scan", "--spans", "--input-format", "jsonl"];
    let fields = ["--text-field", "body", "--id-field", "note", file];

    let printed = run(&[&spans[..], &fields[..]].concat()).done();

    let told: Value = serde_json::from_str(printed.stdout.trim()).expect("one line");
    assert_eq!(told["id"], 7);
    let span = &told["spans"][0];
    let points: Vec<char> = text.chars().collect();
    let start = span["start"]
        .as_u64()
        .and_then(|at| usize::try_from(at).ok());
    let end = span["end"].as_u64().and_then(|at| usize::try_from(at).ok());
    let found: String = points[start.expect("a start")..end.expect("an end")]
        .iter()
        .collect();
    assert_eq!(found, "ysolde@example.org");
    assert_eq!(span["category"], "F");
    assert_eq!(span["label"], "EMAIL");

    let missing = ["--text-field", "text", file];
    run(&[&spans[..], &missing[..]].concat()).ended(2, "CL6004");
}

#[test]
fn a_manifest_is_signed_and_holds_no_value() {
    let place = TempDir::new().expect("a folder");
    let input = folder(place.path());
    let manifest = place.path().join("manifest.json");
    let output = place.path().join("out");

    deid(
        &input,
        &output,
        &["--manifest", manifest.to_str().expect("a path")],
    )
    .done();

    let text = fs::read_to_string(&manifest).expect("the manifest");
    for identifier in IDENTIFIERS {
        // The name of a file is no value, but here it is the key of a person.
        assert!(!text.contains(identifier), "`{identifier}` in {text}");
    }
    let told: Value = serde_json::from_str(&text).expect("JSON");
    let signed: Value =
        serde_json::from_str(told["signed"]["bytes"].as_str().expect("bytes")).expect("JSON");
    assert_eq!(signed, told["manifest"]);
    assert!(
        told["signed"]["public_key"]
            .as_str()
            .expect("a key")
            .contains("PUBLIC KEY")
    );
}

#[test]
fn invented_names_are_the_same_in_every_format_and_every_run() {
    let place = TempDir::new().expect("a folder");
    let input = folder(place.path());
    let [crosswalk, manifest, positions] = ["study.crosswalk", "manifest.json", "positions.ndjson"]
        .map(|name| place.path().join(name).display().to_string());
    let [one, two] = ["one", "two"].map(|name| place.path().join(name));
    let realistic = ["--surrogates", "realistic", "--crosswalk", &crosswalk];
    let told = ["--manifest", &manifest, "--positions", &positions];

    deid(&input, &one, &[&realistic[..], &told[..]].concat()).done();
    deid(&input, &two, &realistic).done();

    let patients = fs::read_to_string(one.join("patients.csv")).expect("the table");
    let cells: Vec<&str> = patients.lines().nth(1).expect("a row").split(',').collect();
    let [code, mrn, given, family] = cells[..4] else {
        panic!("{patients}");
    };
    assert_eq!(mrn.len(), 8, "{patients}");
    let real = [
        "Quillfeather",
        "Ysolde",
        "Brannigan",
        "55512345",
        "617-555-0143",
    ];
    for path in files_below(&one) {
        let text = fs::read_to_string(&path).expect("a result");
        for identifier in real {
            assert!(!text.contains(identifier), "`{identifier}` in {text}");
        }
        assert!(text.contains(family), "no {family} in {text}");
        assert!(!text.contains("[NAME") && !text.contains("NAME-"), "{text}");
        let other = two.join(path.strip_prefix(&one).expect("below"));
        assert_eq!(text, fs::read_to_string(other).expect("the second run"));
    }
    let feed = fs::read_to_string(one.join("feed.hl7")).expect("the messages");
    assert!(feed.contains(&format!("|{family}^{given}|")), "{feed}");
    let note = one.join(format!("notes/{code}.txt"));
    let note = fs::read_to_string(note).expect("the note under the person's code");
    assert!(note.starts_with(&format!("{family} seen with ")), "{note}");
    let manifest = fs::read_to_string(manifest).expect("the manifest");
    assert!(
        manifest.contains(r#""surrogates": "realistic""#),
        "{manifest}"
    );

    let positions = fs::read_to_string(positions).expect("the positions");
    for line in positions.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert!(
            line["source"].is_string() && line["transform"].is_string(),
            "{line}"
        );
        assert!(
            line["score"].as_f64().is_some_and(|score| score > 0.0),
            "{line}"
        );
    }
    for known in [
        r#""path":"PID-5","category":"A","label":"NAME""#,
        r#"{"source":"patients.csv","row":1,"path":"mrn","category":"H","label":"MRN""#,
    ] {
        assert!(positions.contains(known), "{known} in {positions}");
    }
    for identifier in IDENTIFIERS {
        assert!(
            !positions.contains(identifier),
            "`{identifier}` in {positions}"
        );
    }
}

#[test]
fn people_judge_a_sheet_and_their_verdicts_become_gold() {
    let place = TempDir::new().expect("a folder");
    let [notes, sheet, gold, found] = ["notes.jsonl", "sheet.jsonl", "gold.jsonl", "found.jsonl"]
        .map(|name| place.path().join(name).display().to_string());
    let lines = [
        "reach ysolde@example.org today",
        "no fever",
        "see the Vrxandil notes",
    ];
    let lines = lines.iter().zip(1..).map(|(text, id)| {
        let line = serde_json::json!({ "id": format!("n{id}"), "text": text });
        format!("{line}\n")
    });
    fs::write(&notes, lines.collect::<String>()).expect("a file");

    let review = ["deid", "review", &notes, "--id-field", "id", "-o", &sheet];
    run(&review).done().tells("3 of 3 documents drawn");
    let mode = fs::metadata(&sheet).expect("the sheet").permissions();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&mode) & 0o077, 0);

    let rows = fs::read_to_string(&sheet).expect("the sheet");
    let judged = |verdict: &dyn Fn(&Value) -> &'static str| -> String {
        let rows = rows.lines().map(|line| {
            let mut row: Value = serde_json::from_str(line).expect("a row");
            row["verdict"] = verdict(&row).into();
            format!("{row}\n")
        });
        rows.collect()
    };
    let verdict = |row: &Value| match row["kind"].as_str() {
        Some("document") => "read",
        Some("finding") => "right",
        _ => "",
    };
    let miss =
        serde_json::json!({ "kind": "miss", "id": "n3", "label": "NAME", "text": "Vrxandil" });
    fs::write(&sheet, format!("{}{miss}\n", judged(&verdict))).expect("verdicts");
    let read = ["deid", "review", "--read", &sheet, "--gold", &gold];
    let said = run(&read)
        .done()
        .tells("3 documents in the sheet, 3 read whole");
    assert!(
        said.stdout.contains("documents leak: at most"),
        "{}",
        said.stdout
    );

    let spans = ["scan", "--spans", "--id-field", "id", &gold];
    fs::write(&found, run(&spans).done().stdout).expect("what is found");
    run(&["deid", "evaluate", "--gold", &gold, "--pred", &found]).done();

    fs::write(&sheet, judged(&|_| "Ysolde")).expect("a bad sheet");
    let refused = run(&["deid", "review", "--read", &sheet]);
    assert!(refused.stderr.contains("row 1") && !refused.stderr.contains("Ysolde"));
    refused.ended(1, "CL2091");
}

fn deid(input: &Path, output: &Path, more: &[&str]) -> Said {
    let [input, output] = [input, output].map(|path| path.to_str().expect("a path"));
    run(&[&["deid", input, "-o", output], more].concat())
}

/// A table of two persons, notes about one of them as JSON lines and as a file, a laboratory message
/// and a clinical document.
fn folder(place: &Path) -> PathBuf {
    let input = place.join("in");
    fs::create_dir_all(input.join("notes")).expect("a folder");
    let table = "patient_id,mrn,first_name,last_name,birth_date,zip,phone\n\
        P001,55512345,Ysolde,Quillfeather,1931-04-05,02139,617-555-0143\n\
        P002,55598765,Tamsin,Brannigan,1980-07-01,59001,617-555-0199\n";
    fs::write(input.join("patients.csv"), table).expect("a file");
    let note = "Ysolde Quillfeather, DOB 4/5/1931, MRN 55512345, called from 617.555.0143. \
        Tamsin Brannigan drove her; ysolde@example.org.";
    let line = serde_json::json!({ "note_id": "n1", "patient_id": "P001", "text": note });
    fs::write(input.join("notes.jsonl"), format!("{line}\n")).expect("a file");
    let message = "MSH|^~\\&|LAB||||20210314101500||ORU^R01|77|P|2.5\r\
        PID|1||55512345^^^A^MR||Quillfeather^Ysolde||19310405|F|||1 Elm St^^Boston^MA^02139||617-555-0143\r\
        OBX|1|NM|718-7^Hemoglobin^LN||13.5|g/dL|12-16|N|||F\r\
        OBX|2|TX|1^Note^L||Ysolde Quillfeather called from 617.555.0143\r";
    fs::write(input.join("feed.hl7"), message).expect("a file");
    let document = r#"<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="2.16.840.1.113883.19.7" extension="77"/>
<recordTarget><patientRole><id root="2.16.840.1.113883.19.5" extension="55512345"/>
<patient><name><given>Ysolde</given><family>Quillfeather</family></name><birthTime value="19310405"/></patient>
</patientRole></recordTarget>
<component><structuredBody><component><section><text>Hemoglobin 13.5, told Ysolde Quillfeather.</text></section></component></structuredBody></component>
</ClinicalDocument>
"#;
    fs::write(input.join("summary.xml"), document).expect("a file");
    let note = "Quillfeather seen with Tamsin Brannigan. BP 120/80, Parkinson disease.\n";
    fs::write(input.join("notes/P001.txt"), note).expect("a file");
    input
}

/// Hidden files and folders that a run should have taken away.
fn left_behind(place: &Path) -> Vec<PathBuf> {
    fs::read_dir(place)
        .expect("the folder")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            name.starts_with('.')
        })
        .collect()
}
