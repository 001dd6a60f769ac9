//! Overlapping findings made one, so that nothing found stays uncovered.

use crate::finding::Finding;

/// Sorts findings, joins those that overlap (the surest lends label and detector; at equal
/// scores the longest), and widens each to character boundaries.
pub(crate) fn merge(text: &str, findings: &mut Vec<Finding>) {
    for finding in findings.iter_mut() {
        finding.start = text.floor_char_boundary(finding.start);
        finding.end = text.ceil_char_boundary(finding.end);
    }
    findings.retain(|finding| finding.start < finding.end);
    findings.sort_by(|a, b| {
        (a.start, std::cmp::Reverse(a.end))
            .cmp(&(b.start, std::cmp::Reverse(b.end)))
            .then(b.score.total_cmp(&a.score))
    });
    findings.dedup_by(|next, kept| {
        let overlaps = next.start < kept.end;
        if overlaps {
            *kept = union(kept, next);
        }
        overlaps
    });
}

fn union(first: &Finding, second: &Finding) -> Finding {
    let length = |finding: &Finding| finding.end - finding.start;
    let second_leads = second
        .score
        .total_cmp(&first.score)
        .then(length(second).cmp(&length(first)))
        .is_gt();
    Finding {
        start: first.start.min(second.start),
        end: first.end.max(second.end),
        ..if second_leads { *second } else { *first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Label;

    fn finding(start: usize, end: usize, score: f32) -> Finding {
        Finding {
            start,
            end,
            label: if score > 0.5 {
                Label::Date
            } else {
                Label::Name
            },
            score,
            detector: "test",
        }
    }

    #[test]
    fn the_surest_names_the_union() {
        let mut findings = vec![finding(4, 9, 0.9), finding(0, 5, 0.4), finding(9, 12, 0.3)];
        merge("abcdefghijkl", &mut findings);
        let spans: Vec<_> = findings.iter().map(|f| (f.start, f.end, f.label)).collect();
        assert_eq!(spans, [(0, 9, Label::Date), (9, 12, Label::Name)]);
    }
}
