//! `cloister deid`: files without identifiers, and what belongs to that: plans, crosswalks,
//! evaluation, review.

mod crosswalk;
mod evaluate;
mod inputs;
mod known;
mod plan;
mod positions;
mod review;
pub(super) mod seal_file;
mod staging;
mod stream;
mod tell;
mod work;

use std::path::Path;

use super::brought_model;
use crate::{
    arguments::{Arguments, Deid, DeidVerb},
    codes,
    failure::Failure,
    screen::Screen,
};

pub(super) fn run(arguments: &Arguments, deid: &Deid, screen: Screen) -> Result<(), Failure> {
    match (&deid.verb, &deid.input, &deid.output) {
        (Some(DeidVerb::Plan(verb)), ..) => plan::run(verb, screen),
        (
            Some(DeidVerb::Evaluate {
                gold,
                pred,
                leaks_target,
            }),
            ..,
        ) => evaluate::run(gold, pred, *leaks_target, screen),
        (Some(DeidVerb::Review(review)), ..) => review::run(arguments, review, screen),
        (Some(DeidVerb::Crosswalk(verb)), ..) => crosswalk::run(arguments, verb, screen),
        (None, Some(input), Some(output)) => files(arguments, deid, input, output, screen),
        (None, ..) if deid.stdin => stream::run(arguments, deid, screen),
        // The command line asks for both before it comes here.
        (None, ..) => Err(Failure::new(
            codes::WORDS,
            "an input and an output are needed",
            "write `cloister deid INPUT -o OUTPUT`",
        )),
    }
}

/// A file or a folder in, the same without identifiers out: everything or nothing.
fn files(
    arguments: &Arguments,
    deid: &Deid,
    input: &Path,
    output: &Path,
    screen: Screen,
) -> Result<(), Failure> {
    let plan = plan::chosen(deid)?;
    let engine = brought_model::engine(&deid.model, screen)?;
    let vault = crosswalk::Vault::of(arguments, deid)?;
    let mut inputs = inputs::gather(input, output, deid)?;
    let made = work::transform(&mut inputs, deid, &plan, &engine, vault)?;
    tell::show(&made, &inputs, deid, screen)
}
