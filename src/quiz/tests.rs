use super::*;
use crate::examples;
use crate::lesson::{Question, Task, in_language};

/// The questions of a quiz about an example, a line for each sentence, with `+` before what is right and `-` before what is not.
fn check(example: &str) -> String {
    let example = examples::find(example).expect("it is an example");
    let lesson = quiz(example.text, &Link::default()).expect("there is something to ask");
    let mut text = String::new();
    for step in &lesson.steps {
        let Some(Task::Guess(Question { ask, answer, wrong })) = &step.task else { panic!("each step asks") };
        text += &format!("{} {}\n  + {answer}\n", in_language(&step.say, "en"), in_language(ask, "en"));
        for wrong in wrong {
            let with = wrong.scene.as_ref().map_or("?".to_owned(), |scene| scene.settings.fragment());
            text += &format!("  - {} [{with}] {}\n", wrong.guess, in_language(&wrong.why, "en"));
        }
    }
    text
}

#[test]
fn each_question_is_about_a_change_of_its_own_and_each_wrong_answer_about_a_mistake() {
    insta::assert_snapshot!(check("parallel"), @"
    The group `parent` has 3 slots, and more to do. When does `t4` start?
      + at=t4:1s
      - at=t4:0s [c=parent:0] You gave each task a slot of its own. But `t4` has to wait for one: `parent` has only 3 slots.
      - at=t4:3s [c=parent:1] You had `t4` wait for each task before it. But `parent` has 3 slots.
    Suppose `parent` gets one slot more: 4 in place of 3. How long does the flow take then?
      + makespan=2s
      - makespan=1s [c=parent:0] You took 4 slots to be enough for all of `parent` at once. But they are not.
      - makespan=1.5s [?] You shared the work of `parent` among 4 slots. But a task keeps one slot to its end.
    Suppose `t1` fails. Which of these tasks never starts then?
      + never=t4
      - never=t2 [?] `t2` starts at 0 s, and `t1` fails only at 1.0 s.
      - never=t3 [?] `t3` starts at 0 s, and `t1` fails only at 1.0 s.
    Suppose `t1` takes 2.0 s in place of 1.0 s. How long does the flow take then?
      + makespan=3s
      - makespan=2s [] You took `t1` to have time to spare. But the flow waits for it.
    ");
    insta::assert_snapshot!(check("retry-slot"), @"
    The group `parent` has 2 slots, and more to do. When does `b` start?
      + at=b:2s
      - at=b:7s [?] You took the limit for a batch. But `b` starts as soon as one slot is free.
      - at=b:0s [c=parent:0] You gave each task a slot of its own. But `b` has to wait for one: `parent` has only 2 slots.
      - at=b:9s [c=parent:1] You had `b` wait for each task before it. But `parent` has 2 slots.
    Suppose `parent` gets one slot more: 3 in place of 2. How long does the flow take then?
      + makespan=7s
      - makespan=9s [?] You took the limit for a batch. But a task starts as soon as one slot is free.
      - makespan=4.7s [?] You shared the work of `parent` among 3 slots. But a task keeps one slot to its end.
    Suppose `a` fails. How long does the flow take then?
      + makespan=3s
      - makespan=7s [] You took the failure to make no difference.
      - makespan=2s [?] You had the flow end with the failure. But something still runs after it.
    Suppose `parent` has only 1 slot in place of 2. Which task ends last?
      + last=c
      - last=shaky [?] You went by length. But `shaky` starts at 0 s and ends at 7.0 s, and others end later.
      - last=b [?] You went by the order of the text. But `b` starts at 9.0 s and ends at 11.0 s, and others end later.
      - last=a [?] `a` starts at 7.0 s and ends at 9.0 s, and others end later.
    Suppose `a` takes 4.0 s in place of 2.0 s. How long does the flow take then?
      + makespan=8s
      - makespan=7s [] You took `a` to have time to spare. But the flow waits for it.
      - makespan=9s [?] You added all of it to the flow. But `a` has time to spare: other tasks run meanwhile.
      - makespan=4s [?] You had the flow end with `a`. But other tasks end later.
    ");
    insta::assert_snapshot!(check("finally"), @"
     Which task ends last?
      + last=give-back
      - last=use [?] You went by length. But `use` starts at 1.0 s and ends at 2.0 s, and others end later.
      - last=tell [?] You went by the order of the text. But `tell` starts at 2.0 s and ends at 2.5 s, and others end later.
      - last=rent [?] `rent` starts at 0 s and ends at 1.0 s, and others end later.
    Suppose `rent` fails. Which of these tasks never starts then?
      + never=use
      - never=tell [?] You had the failure stop everything. But `tell` starts at 1.0 s, though `rent` fails at 1.0 s.
      - never=give-back [?] You had the failure stop everything. But `give-back` starts at 1.5 s, though `rent` fails at 1.0 s.
    Suppose `rent` takes 2.0 s in place of 1.0 s. How long does the flow take then?
      + makespan=4.5s
      - makespan=3.5s [] You took `rent` to have time to spare. But the flow waits for it.
      - makespan=2s [?] You had the flow end with `rent`. But other tasks end later.
    ");
}
