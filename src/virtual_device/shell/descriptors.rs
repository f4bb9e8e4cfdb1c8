//! The shell's file descriptors.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::input::Input;
use super::output::Output;
use crate::virtual_device::process::Stdio;

/// One descriptor.
#[derive(Clone)]
pub(super) enum Descriptor {
    In(Arc<Input>),
    Out(Output),
}

/// Descriptors by number.
#[derive(Clone, Default)]
pub(super) struct Descriptors {
    open: BTreeMap<u32, Descriptor>,
}

impl Descriptors {
    pub fn of(stdio: &Stdio) -> Self {
        let mut this = Self::default();
        this.set(0, Descriptor::In(Input::stream(stdio.stdin.clone())));
        this.set(1, Descriptor::Out(Output::Stream(stdio.stdout.clone())));
        this.set(2, Descriptor::Out(Output::Stream(stdio.stderr.clone())));
        this
    }

    pub fn get(&self, number: u32) -> Option<&Descriptor> {
        self.open.get(&number)
    }

    pub fn set(&mut self, number: u32, descriptor: Descriptor) {
        self.open.insert(number, descriptor);
    }

    pub fn close(&mut self, number: u32) {
        self.open.remove(&number);
    }

    /// What descriptor `number` reads from; nothing when it can't be read.
    pub fn input(&self, number: u32) -> Arc<Input> {
        match self.open.get(&number) {
            Some(Descriptor::In(input)) => input.clone(),
            _ => Input::ended(),
        }
    }

    /// What descriptor `number` writes to; nowhere when it can't be written.
    pub fn output(&self, number: u32) -> Output {
        match self.open.get(&number) {
            Some(Descriptor::Out(output)) => output.clone(),
            _ => Output::Nowhere,
        }
    }
}
