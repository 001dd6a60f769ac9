//! `cloister retention`: how long things are kept, and how they end.

use flow::operate::retention::{self, Class, Standing};
use serde_json::json;

use crate::{
    arguments::{Arguments, KeepingVerb, Kept},
    codes,
    failure::Failure,
    screen::{self, Screen},
    wire::Instance,
};

pub(super) fn run(
    arguments: &Arguments,
    verb: &KeepingVerb,
    screen: Screen,
) -> Result<(), Failure> {
    let instance = Instance::open(arguments)?;
    let desk = instance.desk();
    match verb {
        KeepingVerb::List => list(&retention::standings(&desk)?, screen),
        KeepingVerb::Set { kept, years } => {
            let set = retention::schedule(&desk, class(kept)?, &kept.name, *years)?;
            screen.result(
                &format!(
                    "{} `{}` is kept for {} years from its making",
                    set.class.word(),
                    set.name,
                    set.years
                ),
                &json!(set),
            );
        }
        KeepingVerb::Hold { kept, matter } => {
            let hold = retention::hold(&desk, class(kept)?, &kept.name, matter)?;
            screen.result(
                &format!(
                    "{} `{}` is held for `{matter}`: nothing of it is disposed of",
                    hold.class.word(),
                    hold.name
                ),
                &json!(hold),
            );
        }
        KeepingVerb::Lift { kept, matter } => {
            let hold = retention::lift(&desk, class(kept)?, &kept.name, matter)?;
            screen.result(
                &format!("the hold for `{matter}` on `{}` is lifted", hold.name),
                &json!(hold),
            );
        }
    }
    Ok(())
}

fn class(kept: &Kept) -> Result<Class, Failure> {
    Class::parse(&kept.class).ok_or_else(|| {
        Failure::new(
            codes::WORDS,
            format!("`{}` is not something that is kept", kept.class),
            "use dataset, model or document",
        )
    })
}

fn list(standings: &[Standing], screen: Screen) {
    let mut rows = vec![
        ["class", "name", "since", "years", "until", "state", "holds"]
            .map(str::to_owned)
            .to_vec(),
    ];
    rows.extend(standings.iter().map(|standing| {
        vec![
            standing.class.word().to_owned(),
            standing.name.clone(),
            standing.since.to_string(),
            standing.years.to_string(),
            standing.until.to_string(),
            state(standing).to_owned(),
            standing.holds.join(" "),
        ]
    }));
    screen.result(&screen::table(&rows), &json!(standings));
}

const fn state(standing: &Standing) -> &'static str {
    match (standing.disposed, standing.due) {
        (true, _) => "keys destroyed",
        (false, true) => "due",
        (false, false) => "kept",
    }
}
