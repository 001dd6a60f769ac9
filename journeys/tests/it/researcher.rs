//! The researcher: works on de-identified data, and on nothing else.

use crate::{
    house::House,
    studies::{self, clinic},
};

#[test]
fn researcher_cannot_use_identified_data() {
    let house = House::of("data-engineer");
    let hospital = clinic(&house);
    house.study("clinic.toml").done();
    house.takes_role("researcher");
    house.study("clinic.toml").refused("CL330");
    for dataset in ["clinic", "clinic-deid"] {
        house
            .run(&["dataset", "export", dataset, "patients", "-o", "out.csv"])
            .refused("CL330")
            .keeps_back(&studies::identifiers(&hospital));
    }
    assert!(!house.path("out.csv").exists());
}

#[test]
fn the_matrix_says_what_the_program_does() {
    let house = House::empty();
    let matrix = house.run(&["access", "matrix"]).done().stdout;
    let export = matrix
        .lines()
        .find(|line| line.starts_with("export-data"))
        .expect("the act");
    let roles: Vec<&str> = export.split_whitespace().skip(1).collect();
    assert_eq!(roles, ["..d.", "....", "....", "....", "....", "...."]);
}
