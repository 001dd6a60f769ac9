//! One file a verb. A verb parses nothing and decides nothing: it opens, calls `flow` or an engine,
//! and shows.

mod access;
mod audit;
mod backup;
mod brought_model;
mod control;
mod dataset;
mod deid;
mod demo;
mod doctor;
mod explain;
pub(crate) mod golden;
mod he;
mod init;
mod key;
mod ledger;
mod model;
mod privacy;
mod records;
mod report;
mod restore;
mod retention;
mod risk;
mod scan;
mod stats;
mod study;
mod train;
mod validate;
mod vault;

use crate::{
    arguments::{Arguments, Verb},
    failure::Failure,
    screen::Screen,
};

/// Runs the verb of the command line.
pub(crate) fn run(arguments: &Arguments, screen: Screen) -> Result<(), Failure> {
    match &arguments.verb {
        Verb::Demo(demo) => demo::run(demo, screen),
        Verb::Scan(scan) => scan::run(scan, screen),
        Verb::Deid(deid) => deid::run(arguments, deid, screen),
        Verb::Risk(risk) => risk::run(risk, screen),
        Verb::Privacy(verb) => privacy::run(verb, screen),
        Verb::Validate(verb) => validate::run(verb, screen),
        Verb::Init(init) => init::run(arguments, init, screen),
        Verb::Study(verb) => study::run(arguments, verb, screen),
        Verb::Dataset(verb) => dataset::run(arguments, verb, screen),
        Verb::Train(words) => train::run(arguments, words, screen),
        Verb::Model(verb) => model::run(arguments, verb, screen),
        Verb::Stats(verb) => stats::run(arguments, verb, screen),
        Verb::He(verb) => he::run(arguments, verb, screen),
        Verb::Ledger(ledger) => ledger::run(ledger, arguments, screen),
        Verb::Access(verb) => access::run(arguments, verb, screen),
        Verb::Key(verb) => key::run(arguments, verb, screen),
        Verb::Audit(verb) => audit::run(arguments, verb, screen),
        Verb::Control(verb) => control::run(arguments, verb, screen),
        Verb::Report(report) => report::run(arguments, report, screen),
        Verb::Vault(verb) => vault::run(arguments, verb, screen),
        Verb::Doctor(doctor) => doctor::run(arguments, doctor, screen),
        Verb::Backup(backup) => backup::run(arguments, backup, screen),
        Verb::Restore(restore) => restore::run(arguments, restore, screen),
        Verb::Retention(verb) => retention::run(arguments, verb, screen),
        Verb::Explain { code } => explain::run(code.as_deref(), screen),
    }
}
