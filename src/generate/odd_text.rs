//! Texts that programs stumble over although a schema allows them, in families that a user may switch on.
//!
//! None of them does harm where it is merely stored, and none would widen what a statement changes if it were run.

use std::fmt;

/// A text, and what it is in words.
pub(super) type OddText = (&'static str, &'static str);

/// A family of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TextFamily {
    /// Zero-width and combining characters, other directions, characters outside the basic plane.
    Unicode,
    /// Control characters.
    Control,
    /// White space alone, before, after and inside.
    Whitespace,
    /// What looks like SQL, NoSQL, LDAP, XML entities, templates, shell commands, scripts or paths.
    Injection,
}

impl TextFamily {
    /// Every family.
    pub const ALL: [Self; 4] = [Self::Unicode, Self::Control, Self::Whitespace, Self::Injection];

    /// Its name, also as the keyword of its cases.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unicode => "unicode",
            Self::Control => "control",
            Self::Whitespace => "whitespace",
            Self::Injection => "injection",
        }
    }

    /// Its texts, each with what it is in words.
    pub(super) fn texts(self) -> &'static [OddText] {
        match self {
            Self::Unicode => UNICODE,
            Self::Control => CONTROL,
            Self::Whitespace => WHITESPACE,
            Self::Injection => INJECTION,
        }
    }
}

impl fmt::Display for TextFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

const UNICODE: &[OddText] = &[
    ("sam\u{200b}ple", "a text with a zero-width space"),
    ("e\u{301}\u{323}\u{489}", "a text with combining marks"),
    ("👩\u{200d}👩\u{200d}👧\u{200d}👦", "an emoji of several characters"),
    ("\u{202e}elpmas\u{202c}", "a text that runs from right to left"),
    ("שלום עולם", "a text in a script that runs from right to left"),
    ("\u{feff}sample", "a text that begins with a byte order mark"),
    ("\u{fffd}\u{ffff}", "the last characters of the basic plane"),
    ("\u{10000}\u{10ffff}", "characters at the edges of the planes above the basic one"),
    ("\u{d7ff}\u{e000}", "the characters around the surrogates"),
    ("ﬀ ſ ı İ ẞ", "characters whose case changes their length"),
    ("ｓａｍｐｌｅ", "full-width letters"),
];

const CONTROL: &[OddText] = &[
    ("sam\u{0}ple", "a text with a null character"),
    ("sam\u{7}ple\u{8}", "a text with a bell and a backspace"),
    ("sam\u{1b}[31mple", "a text with an escape sequence"),
    ("sam\r\nx-sample: 1", "a text with a line end"),
    ("sam\u{85}ple\u{9f}", "a text with C1 control characters"),
    ("sam\u{7f}ple", "a text with a delete character"),
];

const WHITESPACE: &[OddText] = &[
    (" ", "a single space"),
    ("   ", "spaces alone"),
    (" sample", "a leading space"),
    ("sample ", "a trailing space"),
    ("sam  ple", "two spaces in a row"),
    ("\tsample\n", "a tab before and a line end after"),
    ("\u{a0}sample\u{2003}", "white space beyond ASCII around a text"),
    ("\u{3000}", "an ideographic space alone"),
];

const INJECTION: &[OddText] = &[
    ("'", "a single quote (SQL)"),
    ("sample' AND '1'='2", "a condition (SQL)"),
    ("sample'; SELECT 1; --", "a second statement (SQL)"),
    ("{\"$gt\": \"\"}", "an operator (NoSQL)"),
    ("sample' || '1'=='2", "an expression (NoSQL)"),
    ("*)(cn=sample", "a filter (LDAP)"),
    ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "an entity (XML)"),
    ("{{7*7}}", "an expression (template)"),
    ("${7*7}", "an expression (expression language)"),
    ("<%= 7*7 %>", "an expression (server page)"),
    ("; echo sample", "a second command (shell)"),
    ("$(echo sample)", "a substitution (shell)"),
    ("`echo sample`", "a back-quoted command (shell)"),
    ("<script>alert(1)</script>", "a script (HTML)"),
    ("\"><img src=x onerror=alert(1)>", "an attribute (HTML)"),
    ("../../../../etc/hostname", "a path upwards"),
    ("..\\..\\sample", "a path upwards with backslashes"),
    ("%s%s%n", "a format string"),
    ("%00", "an encoded null character"),
    ("=1+1", "a formula (spreadsheet)"),
];
