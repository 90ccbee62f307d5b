//! Inline buckets: small ones that stand in their element, as an image of a leaf page.
//!
//! bbolt's own check passes them over; LND crashes when it reads a wrong one.

use super::State;
use super::bucket::Bucket;
use super::elements::look;
use super::tasks::Bounds;
use crate::finding::Code;
use crate::kv::bolt::format::{BUCKET_HEADER, Element, Leads, PageType};
use crate::kv::bolt::page::Page;
use crate::source::{Source, SourceError};

impl State {
    pub(super) fn inline<S: Source>(
        &mut self,
        source: &S,
        page: &Page,
        element: &Element,
        index: u16,
        bucket: &Bucket,
    ) -> Result<(), SourceError> {
        let Leads::Value { vsize, .. } = element.leads else { return Ok(()) };
        self.figures.inline += 1;
        let len = vsize.saturating_sub(BUCKET_HEADER);
        // bbolt keeps a bucket inline up to a quarter of a page.
        if len > self.geometry.page_size {
            self.inline_fault("long", page, element, index, bucket);
            return Ok(());
        }
        let start = element.value().saturating_add(BUCKET_HEADER);
        let bytes = page.slice(source, start, len)?;
        let at = page.at.saturating_add(start);
        let Some(inner) = bytes.and_then(|bytes| Page::inline(at, bytes.into_owned())) else {
            self.inline_fault("short", page, element, index, bucket);
            return Ok(());
        };
        if inner.header.page_type() != Some(PageType::Leaf) {
            self.inline_fault("type", page, element, index, bucket);
            return Ok(());
        }
        if inner.header.count > inner.fitting() {
            self.inline_fault("count", page, element, index, bucket);
        }
        let mut keys = 0;
        let mut nested = false;
        let found = look(source, &inner, &Bounds::default(), |_, element, _| {
            keys += 1;
            nested |= matches!(element.leads, Leads::Value { flags, .. } if flags & 1 != 0);
            Ok(())
        })?;
        self.figures.keys += keys;
        self.figures.values += keys;
        for (is, fault) in [
            (nested, "nested"),
            (!found.wrong.is_empty(), "element"),
            (!found.order.is_empty(), "order"),
        ] {
            if is {
                self.inline_fault(fault, page, element, index, bucket);
            }
        }
        Ok(())
    }

    pub(super) fn inline_fault(
        &mut self,
        fault: &'static str,
        page: &Page,
        element: &Element,
        index: u16,
        bucket: &Bucket,
    ) {
        let end = element.end().min(page.extent);
        let span = page.span(element.value().min(end), end);
        self.fault(Code::BoltInline, page.pgid, span, bucket, |values| {
            values.with("element", u32::from(index)).with("inline_fault", fault)
        });
    }
}
