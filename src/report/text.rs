//! Text as people read it: widths, wrapping, counts, and answers made harmless for a terminal.

/// How many columns a text takes. Combining marks take none, East Asian wide characters and emoji two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// `text` without control characters: what a target answers must not steer the reader's terminal.
pub(super) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push_str("  "),
            '\r' => {}
            '\u{1b}' => out.push('␛'),
            // Bidirectional overrides and isolates can make a line say another thing than it holds.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('�'),
            c if c.is_control() && c != '\n' => out.push('�'),
            c => out.push(c),
        }
    }
    out
}

/// `text` cut to `limit` columns, the last one an ellipsis if something is lost.
pub(super) fn clip(text: &str, limit: usize) -> String {
    if width(text) <= limit {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        if used + columns(c) + 1 > limit {
            break;
        }
        used += columns(c);
        out.push(c);
    }
    if limit > 0 {
        out.push('…');
    }
    out
}

/// `text` cut to `limit` columns in its middle, where a path says least.
pub(super) fn middle(text: &str, limit: usize) -> String {
    if width(text) <= limit || limit < 3 {
        return clip(text, limit);
    }
    let tail: usize = (limit - 1) / 2;
    let mut end = String::new();
    for c in text.chars().rev() {
        if width(&end) + columns(c) > tail {
            break;
        }
        end.insert(0, c);
    }
    clip(text, limit - width(&end)) + &end
}

/// The name of an operation in `limit` columns: `GET /projects/…/comments/{comment_id}`. The method, the beginning
/// and as many whole segments of the end as fit are what it is recognised by.
pub(super) fn operation(name: &str, limit: usize) -> String {
    if width(name) <= limit {
        return name.to_owned();
    }
    let slashes: Vec<usize> = name.match_indices('/').map(|(at, _)| at).collect();
    let heads = slashes.iter().take(2).rev();
    for (head, tail) in heads.flat_map(|head| slashes.iter().skip(2).map(move |tail| (*head, *tail))) {
        let text = format!("{}/…{}", &name[..head], &name[tail..]);
        if width(&text) <= limit {
            return text;
        }
    }
    middle(name, limit)
}

/// `text` clipped and filled with spaces to exactly `size` columns.
pub(super) fn left(text: &str, size: usize) -> String {
    let text = clip(text, size);
    let fill = size.saturating_sub(width(&text));
    text + &" ".repeat(fill)
}

/// `text` filled with spaces on its left to exactly `size` columns.
pub(super) fn right(text: &str, size: usize) -> String {
    let text = clip(text, size);
    " ".repeat(size.saturating_sub(width(&text))) + &text
}

/// The lines of `text`, none wider than `limit` columns: broken at spaces, and inside a word only if it must be.
/// The leading spaces of a line are kept on the lines that it breaks into; a line that fits stays as it is.
pub(super) fn wrap(text: &str, limit: usize) -> Vec<String> {
    let limit = limit.max(8);
    let mut lines = Vec::new();
    for line in text.lines() {
        if width(line) <= limit {
            lines.push(line.trim_end().to_owned());
            continue;
        }
        let indent = (line.len() - line.trim_start().len()).min(limit / 2);
        let room = limit - indent;
        let mut current = String::new();
        for word in line.split_whitespace() {
            for piece in pieces(word, room) {
                let needed = width(&piece) + usize::from(!current.is_empty());
                if !current.is_empty() && width(&current) + needed > room {
                    lines.push(" ".repeat(indent) + &current);
                    current.clear();
                }
                if !current.is_empty() {
                    current.push(' ');
                }
                current.push_str(&piece);
            }
        }
        lines.push(if current.is_empty() { current } else { " ".repeat(indent) + &current });
    }
    lines
}

/// `n` with its noun: `1 finding`, `2,345 requests`.
pub(super) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", thousands(n), if n == 1 { one } else { many })
}

/// A number with a comma between groups of three digits.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A length of time: `85 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`.
pub(super) fn span(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", ms as f64 / 1000.0),
        60_000..3_600_000 => format!("{} min {:02} s", ms / 60_000, ms / 1000 % 60),
        _ => format!("{} h {:02} min", ms / 3_600_000, ms / 60_000 % 60),
    }
}

/// Microseconds as milliseconds: `0.85`, `12.3`, `1,204`.
pub(super) fn millis(us: u64) -> String {
    match us {
        0..10_000 => format!("{:.2}", us as f64 / 1000.0),
        10_000..1_000_000 => format!("{:.1}", us as f64 / 1000.0),
        _ => thousands(us.div_ceil(1000)),
    }
}

fn columns(c: char) -> usize {
    match c {
        '\u{300}'..='\u{36f}'
        | '\u{200b}'..='\u{200d}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

fn pieces(word: &str, limit: usize) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        if used + columns(c) > limit {
            out.push(String::new());
            used = 0;
        }
        used += columns(c);
        if let Some(last) = out.last_mut() {
            last.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn wrapped_lines_keep_every_word_and_the_limit(text in "[ \\na-z0-9漢é]{0,200}", limit in 8_usize..60) {
            let lines = wrap(&text, limit);
            for line in &lines {
                prop_assert!(width(line) <= limit, "{line:?} is wider than {limit}");
            }
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }

        #[test]
        fn clipped_texts_fit(text in ".{0,60}", limit in 0_usize..40) {
            prop_assert!(width(&clip(&text, limit)) <= limit);
            prop_assert!(width(&middle(&text, limit)) <= limit);
            prop_assert_eq!(width(&left(&harmless(&text).replace('\n', ""), limit)), limit);
        }
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [thousands(0), thousands(999), thousands(1000), thousands(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(
            [span(85), span(12_345), span(245_000), span(7_620_000)],
            ["85 ms", "12.3 s", "4 min 05 s", "2 h 07 min"]
        );
        assert_eq!([millis(850), millis(12_340), millis(1_203_100)], ["0.85", "12.3", "1,204"]);
    }

    #[test]
    fn paths_are_cut_where_they_say_least() {
        assert_eq!(middle("POST /projects/{project_id}/assets/groups", 25), "POST /projec…ssets/groups");
        assert_eq!(middle("GET /teams", 25), "GET /teams");
    }

    #[test]
    fn operations_keep_whole_segments() {
        let long = "GET /projects/{project_id}/findings/{finding_number}/comments/{comment_id}";
        assert_eq!(operation(long, 80), long);
        assert_eq!(operation(long, 56), "GET /projects/…/{finding_number}/comments/{comment_id}");
        assert_eq!(operation(long, 40), "GET /projects/…/comments/{comment_id}");
        assert_eq!(operation(long, 29), "GET /projects/…/{comment_id}");
        assert_eq!(operation(long, 24), "GET /…/{comment_id}");
        assert_eq!(operation(long, 12), middle(long, 12));
        assert_eq!(operation("PATCH /a-very-long-single-segment", 20), "PATCH /a-v…e-segment");
    }

    #[test]
    fn an_answer_cannot_steer_the_terminal() {
        assert_eq!(harmless("a\u{1b}[31mb\u{7}\u{202e}c"), "a␛[31mb��c");
    }
}
