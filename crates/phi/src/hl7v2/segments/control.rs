//! Messages, batches, acknowledgements, software.

use super::super::{
    data_type::{DATE, DATES, FACILITY, LOCATION, ORGANIZATION, PROGRAM, RECORD, REMOVED, TELECOM},
    rule::{
        Row,
        Rule::{Number, Person, Structure, Table, Text},
    },
};

/// The rules of these segments, by their names.
pub(super) const SEGMENTS: &[(&str, &[Row])] = &[
    (
        "MSH",
        &[
            (2, 2, Structure),
            (3, 3, PROGRAM),
            (4, 4, FACILITY),
            (5, 5, PROGRAM),
            (6, 6, FACILITY),
            (7, 7, DATE),
            (8, 8, REMOVED),
            (9, 9, Table),
            (10, 10, RECORD),
            (11, 12, Table),
            (13, 14, REMOVED),
            (15, 17, Table),
            (18, 18, Structure),
            (19, 20, Table),
            (21, 21, Table),
            (22, 23, ORGANIZATION),
            (24, 25, FACILITY),
            (26, 27, Table),
            (28, 28, REMOVED),
        ],
    ),
    (
        "FHS",
        &[
            (2, 2, Structure),
            (3, 3, PROGRAM),
            (4, 4, FACILITY),
            (5, 5, PROGRAM),
            (6, 6, FACILITY),
            (7, 7, DATE),
            (8, 8, REMOVED),
            (9, 9, RECORD),
            (10, 10, Text),
            (11, 12, RECORD),
            (13, 14, FACILITY),
        ],
    ),
    (
        "BHS",
        &[
            (2, 2, Structure),
            (3, 3, PROGRAM),
            (4, 4, FACILITY),
            (5, 5, PROGRAM),
            (6, 6, FACILITY),
            (7, 7, DATE),
            (8, 8, REMOVED),
            (9, 9, RECORD),
            (10, 10, Text),
            (11, 12, RECORD),
            (13, 14, FACILITY),
        ],
    ),
    ("BTS", &[(1, 1, Number), (2, 2, Text), (3, 3, Number)]),
    ("FTS", &[(1, 1, Number), (2, 2, Text)]),
    (
        "SFT",
        &[(1, 1, ORGANIZATION), (2, 5, REMOVED), (6, 6, DATE)],
    ),
    (
        "MSA",
        &[
            (1, 1, Table),
            (2, 2, RECORD),
            (3, 3, Text),
            (4, 4, Number),
            (5, 6, Table),
            (7, 7, Number),
            (8, 8, Table),
        ],
    ),
    (
        "ERR",
        &[
            (1, 1, REMOVED),
            (2, 5, Table),
            (6, 6, REMOVED),
            (7, 8, Text),
            (9, 11, Table),
            (12, 12, TELECOM),
        ],
    ),
    (
        "EVN",
        &[
            (1, 1, Table),
            (2, 3, DATE),
            (4, 4, Table),
            (5, 5, Person),
            (6, 6, DATE),
            (7, 7, FACILITY),
        ],
    ),
    ("NPU", &[(1, 1, LOCATION), (2, 2, Table)]),
    ("QAK", &[(1, 1, RECORD), (2, 3, Table), (4, 6, Number)]),
    ("DSC", &[(1, 1, RECORD), (2, 2, Table)]),
    (
        "DSP",
        &[
            (1, 2, Number),
            (3, 3, Text),
            (4, 4, REMOVED),
            (5, 5, REMOVED),
        ],
    ),
    (
        "ARV",
        &[
            (1, 1, Number),
            (2, 4, Table),
            (5, 5, Text),
            (6, 6, DATES),
            (7, 7, Table),
        ],
    ),
];
