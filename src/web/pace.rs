//! Long work in slices: `js/pace.js` suspends it in its midst. Reading YAML can't be cut otherwise, as it is one call of a library.
//!
//! Work gives way where the core says so ([`crate::pace`]), and in YAML wherever memory is allocated. While it rests, the page handles
//! events on the same memory, so it must own what it changes.

#![expect(unsafe_code, reason = "an import that must not be wrapped, and an allocator that calls it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::effects::clock_ms;
use crate::pace::{allocates, giving_way, resting};

/// How long a slice takes: less than half a frame, so that a key never waits longer.
pub const SLICE_MS: f64 = 6.0;

/// Steps between two looks at the clock, which costs more than a step.
const STEPS: u32 = 64;

#[wasm_bindgen(raw_module = "./pace.js")]
extern "C" {
    /// Lets the page handle what is queued, such as keys, before what follows.
    #[wasm_bindgen(js_name = yieldToPage)]
    pub async fn yield_to_page();

    #[wasm_bindgen(js_name = inSlices)]
    async fn slices(work: &JsValue);
}

#[link(wasm_import_module = "./pace.js")]
unsafe extern "C" {
    safe fn pause();
}

thread_local! {
    static WAITING: RefCell<VecDeque<Box<dyn FnOnce()>>> = const { RefCell::new(VecDeque::new()) };
    static STEPS_LEFT: Cell<u32> = const { Cell::new(0) };
    static SLICE_ENDS: Cell<f64> = const { Cell::new(0.0) };
}

/// Does a piece of work in slices. Others that were begun before are done first.
pub async fn in_slices<T: 'static>(work: impl FnOnce() -> T + 'static) -> T {
    let done = Rc::new(Cell::new(None));
    let to = Rc::clone(&done);
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Box::new(move || to.set(Some(work())))));
    let next_work = js_sys::Reflect::get(&wasm_bindgen::exports(), &"nextWork".into()).expect("it is exported");
    slices(&next_work).await;
    done.take().expect("the work was done")
}

/// Does the next piece of work that `in_slices` was given: for `js/pace.js`.
pub fn next_work() {
    if let Some(work) = WAITING.with_borrow_mut(VecDeque::pop_front) {
        begin_slice();
        giving_way(rest_if_late, work);
    }
}

fn begin_slice() {
    STEPS_LEFT.set(STEPS);
    SLICE_ENDS.set(clock_ms() + SLICE_MS);
}

fn rest_if_late() {
    STEPS_LEFT.set(STEPS_LEFT.get().saturating_sub(1));
    if STEPS_LEFT.get() > 0 {
        return;
    }
    STEPS_LEFT.set(STEPS);
    if clock_ms() >= SLICE_ENDS.get() {
        resting(|| pause());
        begin_slice();
    }
}

/// The allocator of the page: that of the system, at which work of a library may rest.
#[derive(Debug)]
pub struct Paced;

// SAFETY: all of it is done by the allocator of the system. Work rests before it is asked, so it is never in the midst of an allocation.
unsafe impl GlobalAlloc for Paced {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        allocates();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        allocates();
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        allocates();
        unsafe { System.realloc(memory, layout, new_size) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { System.alloc_zeroed(layout) }
    }
}
