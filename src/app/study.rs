//! What the page shows only after many simulations: the curve of a group, the heat map of two, and how long a flow takes over many
//! runs. The page simulates in slices, between which it handles keys: a study says what comes next, and takes what came of it.

use std::rc::Rc;

use super::curve::Curve;
use super::heat::Heat;
use super::subject::{Steps, Subject};
use super::uncertain::Uncertain;
use super::{App, Panel};
use crate::sim::scenario::Scenario;
use crate::time::SimTime;

/// What needs many simulations.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Study {
    Uncertain(Rc<Uncertain>),
    Curve(Rc<Curve>),
    Heat(Rc<Heat>),
}

/// Which study it is, however far it has come: the run it is about, and the groups whose limits change.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyId {
    subject: Subject,
    /// None for many runs, one for a curve, two for a heat map.
    groups: Vec<Rc<str>>,
}

impl Study {
    fn steps(&self) -> &dyn Steps {
        match self {
            Self::Uncertain(study) => &**study,
            Self::Curve(study) => &**study,
            Self::Heat(study) => &**study,
        }
    }

    /// The run that it is about.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        self.steps().subject()
    }

    /// Which study it is.
    #[must_use]
    pub fn id(&self) -> StudyId {
        let groups = match self {
            Self::Uncertain(_) => Vec::new(),
            Self::Curve(study) => vec![Rc::clone(&study.group.id)],
            Self::Heat(study) => study.controls.iter().map(|control| Rc::clone(&control.id)).collect(),
        };
        StudyId { subject: self.subject().clone(), groups }
    }

    /// Whether a part of it can be shown before all is known.
    #[must_use]
    pub fn has_parts(&self) -> bool {
        !matches!(self, Self::Uncertain(_))
    }

    /// The settings that are to be simulated next; `None` when all is known.
    #[must_use]
    pub fn next(&self) -> Option<Scenario> {
        self.steps().next()
    }

    /// Takes the makespan with the settings that were next.
    pub fn take(&mut self, makespan: SimTime) {
        match self {
            Self::Uncertain(study) => Rc::make_mut(study).take(makespan),
            Self::Curve(study) => Rc::make_mut(study).take(makespan),
            Self::Heat(study) => Rc::make_mut(study).take(makespan),
        }
    }
}

impl App {
    /// What is to be simulated for the panels on show; `None` when all is known, or the text can't be run.
    #[must_use]
    pub fn study(&self) -> Option<Study> {
        if self.is_stale() || self.pending.is_some() {
            return None;
        }
        let uncertain = self.uncertain.clone().map(Study::Uncertain);
        let curve = self.curve.clone().map(Study::Curve);
        let studies = [uncertain, curve, self.heat.clone().map(Study::Heat)];
        let compared = self.plans().filter(|_| self.panel == Panel::Compare);
        let kept = compared.filter_map(|plan| plan.uncertain.clone()).map(Study::Uncertain);
        studies.into_iter().flatten().chain(kept).find(|study| study.next().is_some())
    }

    /// The page with a study that has come further. One of an older run is dropped.
    pub(super) fn studied(self, study: Study) -> Self {
        let is_of = |shown: Option<Study>| shown.is_some_and(|shown| shown.id() == study.id());
        match &study {
            Study::Uncertain(new) => {
                let is_new = is_of(self.uncertain.clone().map(Study::Uncertain));
                let uncertain = if is_new { Some(Rc::clone(new)) } else { self.uncertain };
                let mut trials = self.trials;
                if trials.all.iter().any(|plan| is_of(plan.uncertain.clone().map(Study::Uncertain))) {
                    let of_study = Rc::make_mut(&mut trials).all.iter_mut();
                    let of_study = of_study.filter(|plan| is_of(plan.uncertain.clone().map(Study::Uncertain)));
                    of_study.for_each(|plan| plan.uncertain = Some(Rc::clone(new)));
                }
                Self { uncertain, trials, ..self }
            }
            Study::Curve(new) if is_of(self.curve.clone().map(Study::Curve)) => Self { curve: Some(Rc::clone(new)), ..self },
            Study::Heat(new) if is_of(self.heat.clone().map(Study::Heat)) => Self { heat: Some(Rc::clone(new)), ..self },
            Study::Curve(_) | Study::Heat(_) => self,
        }
    }
}

/// Takes every study of a page to its end, as the page does in slices.
#[cfg(test)]
pub(super) fn all_studied(mut app: App) -> App {
    while let Some(mut study) = app.study() {
        let subject = study.subject().clone();
        while let Some(scenario) = study.next() {
            study.take(crate::sim::Simulation::new(&subject.flows, &scenario).makespan());
        }
        app = app.update(super::Msg::Studied(study));
    }
    app
}
