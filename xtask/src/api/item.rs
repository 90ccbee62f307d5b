//! What one item of the source offers, as lines: its signature without documents and bodies.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Fields, ImplItem, Item, TraitItem, Visibility};

/// The lines of an item; none where it is not public.
pub(super) fn lines(item: &Item) -> Vec<String> {
    match item {
        Item::Fn(item) if open(&item.vis) && !is_test(&item.attrs) => {
            one(&item.attrs, "", &item.sig)
        }
        Item::Const(item) if open(&item.vis) => {
            let (name, of) = (&item.ident, &item.ty);
            one(&item.attrs, "const", &quote::quote!(#name: #of))
        }
        Item::Static(item) if open(&item.vis) => {
            let (name, of) = (&item.ident, &item.ty);
            one(&item.attrs, "static", &quote::quote!(#name: #of))
        }
        Item::Type(item) if open(&item.vis) => {
            let (name, generics, of) = (&item.ident, &item.generics, &item.ty);
            one(&item.attrs, "type", &quote::quote!(#name #generics = #of))
        }
        Item::Use(item) if open(&item.vis) => one(&item.attrs, "use", &item.tree),
        Item::Mod(item) if open(&item.vis) => one(&item.attrs, "mod", &item.ident),
        Item::Struct(item) if open(&item.vis) => {
            let (name, generics) = (&item.ident, &item.generics);
            let mut found = one(&item.attrs, "struct", &quote::quote!(#name #generics));
            found.extend(fields(&item.fields, &format!("struct {name}"), true));
            found
        }
        Item::Enum(item) if open(&item.vis) => {
            let (name, generics) = (&item.ident, &item.generics);
            let mut found = one(&item.attrs, "enum", &quote::quote!(#name #generics));
            for variant in &item.variants {
                let path = format!("enum {name}::{}", variant.ident);
                found.push(path.clone());
                found.extend(fields(&variant.fields, &path, false));
            }
            found
        }
        Item::Trait(item) if open(&item.vis) => {
            let (name, generics, bounds) = (&item.ident, &item.generics, &item.supertraits);
            let mut found = one(&item.attrs, "trait", &quote::quote!(#name #generics: #bounds));
            for inner in &item.items {
                let tokens = match inner {
                    TraitItem::Fn(inner) => inner.sig.to_token_stream(),
                    TraitItem::Type(inner) => quote::quote!(type #inner),
                    other => other.to_token_stream(),
                };
                found.push(format!("trait {name}: {}", tidy(&tokens)));
            }
            found
        }
        Item::Impl(item) if item.trait_.is_none() => {
            let of = tidy(&item.self_ty);
            let inner = |inner: &ImplItem| match inner {
                ImplItem::Fn(inner) if open(&inner.vis) => {
                    Some((inner.attrs.clone(), inner.sig.to_token_stream()))
                }
                ImplItem::Const(inner) if open(&inner.vis) => {
                    let (name, of) = (&inner.ident, &inner.ty);
                    Some((inner.attrs.clone(), quote::quote!(const #name: #of)))
                }
                _ => None,
            };
            let found = item.items.iter().filter_map(inner);
            found.flat_map(|(attrs, tokens)| one(&attrs, &format!("impl {of}:"), &tokens)).collect()
        }
        Item::Impl(item) => {
            let (_, of, _) = item.trait_.as_ref().expect("the arm above has those without");
            let (generics, whom) = (&item.generics, &item.self_ty);
            one(&item.attrs, "", &quote::quote!(impl #generics #of for #whom))
        }
        // What a macro makes cannot be seen, but what it is given can.
        Item::Macro(item) if item.ident.is_none() => {
            let name = tidy(&item.mac.path);
            let given = tidy(&without_documents(item.mac.tokens.clone()));
            given.split("; ").map(|part| format!("{name}! {part}")).collect()
        }
        _ => Vec::new(),
    }
}

/// The name of a type that is not offered.
pub(super) fn hidden(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) if !open(&item.vis) => Some(item.ident.to_string()),
        Item::Enum(item) if !open(&item.vis) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// Whether an item is for tests only.
pub(super) fn is_test(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|attr| tidy(attr) == "#[cfg(test)]")
}

fn open(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// One line: the attributes that callers notice, and the signature.
fn one(attrs: &[Attribute], kind: &str, tokens: &impl ToTokens) -> Vec<String> {
    if is_test(attrs) {
        return Vec::new();
    }
    let told = ["cfg", "derive", "non_exhaustive", "must_use"];
    let told = |attr: &&Attribute| told.iter().any(|name| attr.path().is_ident(name));
    let attrs = attrs.iter().filter(told).map(|attr| tidy(attr) + " ");
    vec![format!("{}{kind} {}", attrs.collect::<String>(), tidy(tokens)).trim().to_owned()]
}

fn fields(fields: &Fields, path: &str, only_open: bool) -> Vec<String> {
    let told = fields.iter().enumerate().filter(|(_, field)| !only_open || open(&field.vis));
    told.map(|(number, field)| {
        let name = field.ident.as_ref().map_or(number.to_string(), ToString::to_string);
        format!("{path}.{name}: {}", tidy(&field.ty))
    })
    .collect()
}

/// Tokens without `#[doc]`, at every depth.
fn without_documents(tokens: TokenStream) -> TokenStream {
    let (mut kept, mut rest) = (TokenStream::new(), tokens.into_iter().peekable());
    while let Some(token) = rest.next() {
        let hash = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '#');
        if hash && rest.next_if(is_document).is_some() {
            continue;
        }
        kept.extend([match token {
            TokenTree::Group(group) => {
                let inner = without_documents(group.stream());
                TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))
            }
            other => other,
        }]);
    }
    kept
}

fn is_document(token: &TokenTree) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let first = group.stream().into_iter().next();
    group.delimiter() == Delimiter::Bracket
        && matches!(first, Some(TokenTree::Ident(name)) if name == "doc")
}

/// Tokens with the spaces that people write. Which spaces a printer sets is its own business: all
/// that matters is that the same tokens give the same line.
fn tidy(tokens: &impl ToTokens) -> String {
    let mut text =
        tokens.to_token_stream().to_string().split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [
        (" ,", ","),
        (" ;", ";"),
        (" :: ", "::"),
        (":: ", "::"),
        (" ::", "::"),
        (" : ", ": "),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        ("[ ", "["),
        (" ]", "]"),
        (" <", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("& ", "&"),
        ("' ", "'"),
        ("# [", "#["),
        ("#[", "#["),
        (" ? ", " ?"),
        ("* ", "*"),
        (",)", ")"),
    ] {
        text = text.replace(from, to);
    }
    text.trim_end_matches([':', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> Vec<String> {
        let file = syn::parse_file(source).expect("Rust");
        file.items.iter().flat_map(lines).collect()
    }

    #[test]
    fn only_what_is_offered_is_told_without_documents_and_bodies() {
        let source = "
            /// Words.
            #[derive(Clone, Debug)]
            pub struct Seen<'a> { /** Words. */ pub bytes: &'a [u8], hidden: u8 }
            pub(crate) struct Unseen;
            impl<'a> Seen<'a> {
                pub const fn new(bytes: &'a [u8]) -> Option<Seen<'a>> { None }
                fn hidden(&self) {}
            }
            impl Read for Seen<'_> {}
            pub enum Kind { One, Two(u8), Three { at: u64 } }
            pub trait Read: Sized { fn read(&mut self) -> Vec<u8> { Vec::new() } }
            fn hidden() {}
            #[cfg(test)] pub fn of_tests() {}
            list! { /// Words.
                Name(1), }
        ";
        assert_eq!(
            told(source),
            [
                "#[derive(Clone, Debug)] struct Seen<'a>",
                "struct Seen.bytes: &'a [u8]",
                "impl Seen<'a>: const fn new(bytes: &'a [u8]) -> Option<Seen<'a>>",
                "impl Read for Seen<'_>",
                "enum Kind",
                "enum Kind::One",
                "enum Kind::Two",
                "enum Kind::Two.0: u8",
                "enum Kind::Three",
                "enum Kind::Three.at: u64",
                "trait Read: Sized",
                "trait Read: fn read(&mut self) -> Vec<u8>",
                "list! Name(1),",
            ]
        );
    }
}
