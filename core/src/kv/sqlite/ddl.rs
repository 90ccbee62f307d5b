//! CREATE TABLE and CREATE INDEX as sqlite_schema keeps them: columns with what rows need to know
//! of them, and what indexes hold.
//!
//! Not a judge of SQL: a statement that SQLite stored was valid once, and one that is damaged is
//! read as far as it goes.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::table::Cell;
use super::constant::default;
use super::token::{Token, Tokens};

/// How a column turns values before they are stored ("Datatypes In SQLite", section 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Affinity {
    #[default]
    Blob,
    Text,
    Numeric,
    Integer,
    Real,
}

impl Affinity {
    fn of(type_name: &str) -> Affinity {
        let upper = type_name.to_ascii_uppercase();
        let has = |part: &str| upper.contains(part);
        if has("INT") {
            Affinity::Integer
        } else if has("CHAR") || has("CLOB") || has("TEXT") {
            Affinity::Text
        } else if has("BLOB") || upper.is_empty() {
            Affinity::Blob
        } else if has("REAL") || has("FLOA") || has("DOUB") {
            Affinity::Real
        } else {
            Affinity::Numeric
        }
    }
}

/// How texts are put in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Collation {
    #[default]
    Binary,
    NoCase,
    RTrim,
    /// One that the application defines.
    Unknown,
}

impl Collation {
    fn of(name: &str) -> Collation {
        [("binary", Collation::Binary), ("nocase", Collation::NoCase), ("rtrim", Collation::RTrim)]
            .into_iter()
            .find(|(known, _)| name.eq_ignore_ascii_case(known))
            .map_or(Collation::Unknown, |(_, collation)| collation)
    }
}

/// What a short row has in place of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Default_ {
    /// This.
    Cell(Cell),
    /// Something that is not a constant.
    Unknown,
}

/// One column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) affinity: Affinity,
    pub(super) collation: Collation,
    pub(super) not_null: bool,
    pub(super) default: Default_,
    /// Computed when it is read: rows do not hold it.
    pub(super) is_virtual: bool,
    pub(super) generated: bool,
    is_integer: bool,
}

/// One column of a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeyColumn {
    /// Index of the column, or nothing for an expression.
    pub(super) column: Option<usize>,
    pub(super) collation: Collation,
    pub(super) descending: bool,
}

/// A table as its statement says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TableDef {
    pub(super) columns: Vec<Column>,
    /// The column that is another name for the rowid.
    pub(super) rowid: Option<usize>,
    pub(super) without_rowid: bool,
    pub(super) strict: bool,
    /// The primary key, if the table has no rowid or the key is not the rowid.
    pub(super) primary: Vec<KeyColumn>,
    /// The keys of the automatic indexes, in the order of their numbers.
    pub(super) automatic: Vec<Vec<KeyColumn>>,
}

/// Which rows an index holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Partial {
    /// All.
    All,
    /// Those where each of these columns is NULL (`true`) or is not.
    Nulls(Vec<(usize, bool)>),
    /// By a condition that is not understood here.
    Unknown,
}

/// An index as its statement says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IndexDef {
    pub(super) unique: bool,
    pub(super) key: Vec<KeyColumn>,
    pub(super) partial: Partial,
}

/// Reads a CREATE TABLE.
pub(super) fn table(sql: &str) -> Option<TableDef> {
    let tokens: Vec<Token<'_>> = Tokens(sql).collect();
    let open = tokens.iter().position(|token| *token == Token::Sign('('))?;
    if !tokens.first()?.is("CREATE") || tokens.iter().take(open).any(|token| token.is("VIRTUAL")) {
        return None;
    }
    let (items, rest) = items(tokens.get(open + 1..)?);
    let mut def = TableDef::default();
    let (columns, constraints): (Vec<_>, Vec<_>) =
        items.into_iter().partition(|item| !is_constraint(item));
    let mut keys: Vec<(Vec<KeyColumn>, bool)> = Vec::new();
    for item in columns {
        column(&mut def, item, &mut keys);
    }
    for item in constraints {
        constraint(&mut def, item, &mut keys);
    }
    def.without_rowid = rest.windows(2).any(|pair| match pair {
        [a, b] => a.is("WITHOUT") && b.is("ROWID"),
        _ => false,
    });
    def.strict = rest.iter().any(|token| token.is("STRICT"));
    if def.without_rowid {
        def.rowid = None;
    }
    for (key, primary) in keys {
        let alias = primary && def.rowid.is_some();
        let known = def.automatic.iter().any(|known| same_columns(known, &key));
        if !alias && !known {
            def.automatic.push(key.clone());
        }
        if primary && !alias {
            def.primary = key;
        }
    }
    Some(def)
}

fn same_columns(a: &[KeyColumn], b: &[KeyColumn]) -> bool {
    let plain = |key: &[KeyColumn]| -> Vec<_> {
        key.iter().map(|part| (part.column, part.collation)).collect()
    };
    plain(a) == plain(b)
}

/// Reads a CREATE INDEX of that table.
pub(super) fn index(sql: &str, table: &TableDef) -> Option<IndexDef> {
    let tokens: Vec<Token<'_>> = Tokens(sql).collect();
    let open = tokens.iter().position(|token| *token == Token::Sign('('))?;
    let unique = tokens.get(1)?.is("UNIQUE");
    let (items, rest) = items(tokens.get(open + 1..)?);
    let key = items.into_iter().map(|item| key_column(item, table)).collect();
    let partial = match rest.split_first() {
        Some((first, condition)) if first.is("WHERE") => partial(condition, table),
        _ => Partial::All,
    };
    Some(IndexDef { unique, key, partial })
}

/// `a IS NULL AND b IS NOT NULL`; `NOTNULL` and `NOT NULL` as well.
fn partial(condition: &[Token<'_>], table: &TableDef) -> Partial {
    let mut parts = Vec::new();
    for part in condition.split(|token| token.is("AND")) {
        let Some((name, test)) = part.split_first() else { return Partial::Unknown };
        let column = name.name().and_then(|name| table.find(name));
        let null = match test {
            [is, null] if is.is("IS") && null.is("NULL") => true,
            [null] if null.is("ISNULL") => true,
            [is, not, null] if is.is("IS") && not.is("NOT") && null.is("NULL") => false,
            [not, null] if not.is("NOT") && null.is("NULL") => false,
            [not_null] if not_null.is("NOTNULL") => false,
            _ => return Partial::Unknown,
        };
        match column {
            Some(column) => parts.push((column, null)),
            None => return Partial::Unknown,
        }
    }
    Partial::Nulls(parts)
}

impl TableDef {
    /// The column of that name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
    }
}

/// What stands between commas up to the closing parenthesis, and what follows that.
fn items<'t, 'a>(tokens: &'t [Token<'a>]) -> (Vec<&'t [Token<'a>]>, &'t [Token<'a>]) {
    let mut items = Vec::new();
    let (mut depth, mut from) = (0_usize, 0);
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(',') if depth == 0 => {
                items.extend(tokens.get(from..index));
                from = index + 1;
            }
            Token::Sign(')') if depth == 0 => {
                items.extend(tokens.get(from..index));
                return (items, tokens.get(index + 1..).unwrap_or_default());
            }
            Token::Sign(')') => depth -= 1,
            _ => {}
        }
    }
    items.extend(tokens.get(from..));
    (items, &[])
}

fn is_constraint(item: &[Token<'_>]) -> bool {
    ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]
        .iter()
        .any(|keyword| item.first().is_some_and(|first| first.is(keyword)))
}

fn column(def: &mut TableDef, item: &[Token<'_>], keys: &mut Vec<(Vec<KeyColumn>, bool)>) {
    let Some((name, mut rest)) = item.split_first() else { return };
    let mut type_name = String::new();
    let starts = [
        "CONSTRAINT",
        "PRIMARY",
        "NOT",
        "NULL",
        "UNIQUE",
        "CHECK",
        "DEFAULT",
        "COLLATE",
        "REFERENCES",
        "GENERATED",
        "AS",
    ];
    while let Some((first, after)) = rest.split_first() {
        if *first == Token::Sign('(') {
            rest = skip_group(rest);
            continue;
        }
        if starts.iter().any(|keyword| first.is(keyword)) {
            break;
        }
        if let Some(word) = first.name() {
            if !type_name.is_empty() {
                type_name.push(' ');
            }
            type_name.push_str(word);
        }
        rest = after;
    }
    let is_any = type_name.eq_ignore_ascii_case("ANY");
    let mut column = Column {
        name: name.name().unwrap_or_default().to_string(),
        affinity: Affinity::of(&type_name),
        collation: Collation::Binary,
        not_null: false,
        default: Default_::Cell(Cell::Null),
        is_virtual: false,
        generated: false,
        is_integer: type_name.eq_ignore_ascii_case("INTEGER"),
    };
    if is_any {
        column.affinity = Affinity::Blob;
    }
    let index = def.columns.len();
    let mut marks = Vec::new();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == Token::Sign('(') {
            // A CHECK's or a reference's.
            rest = skip_group_open(after);
        } else if first.is("SET") {
            // ON DELETE SET DEFAULT, SET NULL.
            rest = after.get(1..).unwrap_or_default();
        } else if first.is("PRIMARY") {
            let descending = after.get(1).is_some_and(|token| token.is("DESC"));
            if column.is_integer && !descending {
                def.rowid = Some(index);
            }
            marks.push((descending, true));
        } else if first.is("UNIQUE") {
            marks.push((false, false));
        } else if first.is("NOT") && after.first().is_some_and(|token| token.is("NULL")) {
            column.not_null = true;
        } else if first.is("COLLATE") {
            let name = after.first().and_then(Token::name).unwrap_or_default();
            column.collation = Collation::of(name);
        } else if first.is("DEFAULT") {
            let (default, behind) = default(after, column.affinity);
            column.default = default;
            rest = behind;
        } else if first.is("AS") || first.is("GENERATED") {
            column.generated = true;
            column.is_virtual = !after.iter().any(|token| token.is("STORED"));
        }
    }
    let collation = column.collation;
    def.columns.push(column);
    for (descending, primary) in marks {
        keys.push((Vec::from([KeyColumn { column: Some(index), collation, descending }]), primary));
    }
}

fn constraint(def: &mut TableDef, item: &[Token<'_>], keys: &mut Vec<(Vec<KeyColumn>, bool)>) {
    let item = match item {
        [first, _, rest @ ..] if first.is("CONSTRAINT") => rest,
        item => item,
    };
    let Some(first) = item.first() else { return };
    let primary = first.is("PRIMARY");
    if !primary && !first.is("UNIQUE") {
        return;
    }
    let Some(open) = item.iter().position(|token| *token == Token::Sign('(')) else { return };
    let (columns, _) = items(item.get(open + 1..).unwrap_or_default());
    let key: Vec<KeyColumn> = columns.into_iter().map(|item| key_column(item, def)).collect();
    if let ([KeyColumn { column: Some(column), .. }], true) = (key.as_slice(), primary)
        && def.columns.get(*column).is_some_and(|column| column.is_integer)
    {
        def.rowid = Some(*column);
    }
    keys.push((key, primary));
}

/// `name [COLLATE name] [ASC|DESC]`; anything else is an expression.
fn key_column(item: &[Token<'_>], table: &TableDef) -> KeyColumn {
    let column = item.first().and_then(Token::name).and_then(|name| table.find(name));
    let mut key = KeyColumn {
        column,
        collation: column
            .and_then(|column| table.columns.get(column))
            .map_or(Collation::Binary, |column| column.collation),
        descending: false,
    };
    let mut rest = item.get(1..).unwrap_or_default();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if first.is("COLLATE") {
            let name = after.first().and_then(Token::name).unwrap_or_default();
            key.collation = Collation::of(name);
            rest = after.get(1..).unwrap_or_default();
        } else if first.is("DESC") {
            key.descending = true;
        } else if !first.is("ASC") {
            key.column = None;
            key.collation = Collation::Unknown;
        }
    }
    key
}

/// What follows the group in parentheses with which these begin.
pub(super) fn skip_group<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    skip_group_open(tokens.get(1..).unwrap_or_default())
}

fn skip_group_open<'t, 'a>(tokens: &'t [Token<'a>]) -> &'t [Token<'a>] {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') if depth == 0 => return tokens.get(index + 1..).unwrap_or_default(),
            Token::Sign(')') => depth -= 1,
            _ => {}
        }
    }
    &[]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(def: &TableDef) -> Vec<&str> {
        def.columns.iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn names_types_and_keys_are_read() {
        let def = table(
            "CREATE TABLE \"a \"\"b\"(id INTEGER PRIMARY KEY, [x y] varchar(10,2) NOT NULL DEFAULT 'it''s', \
             `z` REAL DEFAULT -2, -- a, comment\n 'q' BLOB /* , */ UNIQUE, CONSTRAINT c UNIQUE(z, [x y] DESC), \
             FOREIGN KEY(q) REFERENCES other(a, b), CHECK (id > (1,2)))",
        )
        .unwrap();
        assert_eq!(names(&def), ["id", "x y", "z", "q"]);
        assert_eq!(def.rowid, Some(0));
        assert_eq!(def.columns[1].affinity, Affinity::Text);
        assert!(def.columns[1].not_null);
        assert_eq!(def.columns[1].default, Default_::Cell(Cell::Text(b"it's".to_vec())));
        assert_eq!(def.columns[2].default, Default_::Cell(Cell::Real((-2.0_f64).to_bits())));
        assert_eq!(def.automatic.len(), 2);
        assert_eq!(def.automatic[1][0].column, Some(2));
        assert!(def.automatic[1][1].descending);
    }

    #[test]
    fn what_is_another_name_for_the_rowid() {
        let alias = |sql: &str| table(sql).unwrap().rowid;
        assert_eq!(alias("CREATE TABLE t(a INTEGER PRIMARY KEY DESC, b)"), None);
        assert_eq!(alias("CREATE TABLE t(a INT PRIMARY KEY, b)"), None);
        assert_eq!(alias("CREATE TABLE t(a, b INTEGER, PRIMARY KEY(b DESC))"), Some(1));
        assert_eq!(alias("CREATE TABLE t(a INTEGER PRIMARY KEY) WITHOUT ROWID"), None);
        assert_eq!(alias("CREATE TABLE t(a INTEGER, b, PRIMARY KEY(a, b))"), None);
    }

    #[test]
    fn lnds_tables_are_read() {
        let def = table(
            "CREATE TABLE channeldb_kv (key BLOB NOT NULL, value BLOB, parent_id BIGINT, \
             id INTEGER PRIMARY KEY, sequence BIGINT, CONSTRAINT channeldb_kv_parent FOREIGN KEY \
             (parent_id) REFERENCES channeldb_kv(id) ON UPDATE NO ACTION ON DELETE CASCADE)",
        )
        .unwrap();
        assert_eq!(names(&def), ["key", "value", "parent_id", "id", "sequence"]);
        assert_eq!((def.rowid, def.automatic.len()), (Some(3), 0));
        let unique = index(
            "CREATE UNIQUE INDEX channeldb_kv_up ON channeldb_kv (parent_id, key) WHERE parent_id IS NOT NULL",
            &def,
        )
        .unwrap();
        assert!(unique.unique);
        assert_eq!(unique.partial, Partial::Nulls(Vec::from([(2, false)])));
        assert_eq!(unique.key.iter().map(|key| key.column).collect::<Vec<_>>(), [Some(2), Some(0)]);
    }

    #[test]
    fn damaged_statements_do_not_end_badly() {
        let whole =
            "CREATE TABLE t(a INTEGER DEFAULT (1+2), b \"x\" GENERATED ALWAYS AS (a||'') STORED)";
        for end in 0..whole.len() {
            let _ = table(&whole[..end]);
            let _ = index(&whole[..end], &TableDef::default());
        }
        assert!(table(whole).unwrap().columns[1].generated);
        assert!(!table(whole).unwrap().columns[1].is_virtual);
    }
}
