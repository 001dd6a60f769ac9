use super::*;

#[test]
fn every_slot_and_every_pool_of_every_template_is_known() {
    let examination = Examination::new();
    for (theme, half, shelf) in &examination.shelves {
        let mut draw = Draw::new(1, 1);
        for template in shelf.everything() {
            let mut scene = Scene::new(&mut draw, &examination.atlas, *half, *theme);
            scene.write(shelf, template);
            for segment in scene.finish().1 {
                assert!(!segment.text.contains("?}"), "{}: {template}", segment.text);
            }
            for pool in template.split("{@").skip(1) {
                let pool = pool
                    .split(['}', '*'])
                    .next()
                    .unwrap()
                    .trim_start_matches(['~', '^']);
                assert!(!shelf.pool(pool).is_empty(), "{pool}");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_pieces_and_spans_stand_in_order() {
    let examination = Examination::new();
    for theme in Theme::ALL {
        for half in Half::ALL {
            let pieces = examination.pieces(5, theme, half, 60);
            assert_eq!(pieces, examination.pieces(5, theme, half, 60));
            for piece in pieces {
                let mut last = 0;
                for span in piece.spans {
                    assert!(last <= span.start && span.start < span.end);
                    assert!(piece.text.get(span.start..span.end).is_some());
                    last = span.end;
                }
            }
        }
    }
}

#[test]
fn clean_queries_hold_no_identifier_and_queries_do() {
    let examination = Examination::new();
    let identifies = |theme, half| {
        let pieces = examination.pieces(6, theme, half, 200);
        let spans = |piece: &Piece| {
            piece
                .spans
                .iter()
                .filter(|span| span.mark.is_identifier())
                .count()
        };
        pieces.iter().map(spans).collect::<Vec<_>>()
    };
    for half in Half::ALL {
        assert!(
            identifies(Theme::CleanQuery, half)
                .iter()
                .all(|count| *count == 0)
        );
        assert!(
            identifies(Theme::Query, half)
                .iter()
                .all(|count| *count > 0)
        );
    }
}

#[test]
fn long_notes_have_about_300_to_1500_words() {
    let examination = Examination::new();
    let mut others = Vec::new();
    for half in Half::ALL {
        for piece in examination.pieces(7, Theme::LongNote, half, 220) {
            let words = piece.text.split_whitespace().count();
            if !(250..=1_500).contains(&words) {
                others.push(format!("{} {}: {words}", piece.group, half.word()));
            }
        }
    }
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn the_halves_share_no_template_and_no_typed_name() {
    let examination = Examination::new();
    let lines = |half| {
        let shelves = examination
            .shelves
            .iter()
            .filter(move |(_, of, _)| *of == half);
        shelves
            .flat_map(|(_, _, shelf)| shelf.everything())
            .collect::<std::collections::BTreeSet<_>>()
    };
    assert!(lines(Half::Development).is_disjoint(&lines(Half::HeldOut)));
    assert!(examination.atlas.len() >= 30);
}
