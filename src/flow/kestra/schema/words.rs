//! What types and properties are for, in few words of our own: for hover and completion.

/// What is said of a name: of a type by its class, of a property by its own name, or as `OWNER.name` where it means
/// something else there.
#[must_use]
pub fn words(owner: &str, name: &str) -> Option<&'static str> {
    let find = |owner: &str| {
        WORDS.lines().find_map(|line| {
            let rest = if owner.is_empty() { line } else { line.strip_prefix(owner)?.strip_prefix('.')? };
            rest.strip_prefix(name)?.strip_prefix(' ')
        })
    };
    (!owner.is_empty()).then(|| find(owner)).flatten().or_else(|| find(""))
}

/// All of them, for the tests.
#[cfg(test)]
pub fn all_words() -> &'static str {
    WORDS
}

/// A line each: the name, and its words.
const WORDS: &str = "\
Sequential runs its tasks one after another
Parallel runs its tasks at the same time, as many as it has slots
Dag runs each task as soon as those it depends on are done
ForEach runs its tasks once for each value
EachSequential runs its tasks for one value after another (old)
EachParallel runs its tasks for all values at the same time (old)
If runs `then` or `else`, by a condition
Switch runs the list of tasks that a value chooses
AllowFailure goes on with a warning when one of its tasks fails
Pause stops the execution until it is resumed or its delay is over
LoopUntil runs its tasks again until a condition holds
WorkingDirectory runs its tasks one after another in one directory
Subflow starts another flow
ForEachItem starts a flow for each batch of a file
Log writes to the log
Return gives a rendered text back
Sleep waits
Fail fails the execution
Labels sets labels of the execution
Exit ends the execution in a state of your choice
Assert fails unless all its conditions hold
SetVariables sets variables of the execution
UnsetVariables takes variables away
OutputValues gives values out
Request asks a web server
Download loads a file from a web server
Commands runs commands; `sleep` in them takes simulated time
Script runs a script; `sleep` in it takes simulated time
flow.id names the flow within its namespace
flow.tasks what the flow does, one task after another
flow.errors tasks that run when a task has failed
flow.finally tasks that run at the end, however it went
flow.inputs values that whoever starts the flow may give
flow.description what the flow is for
flow.disabled `true` keeps the flow from being started
id names it; unique within the flow
type which kind it is
namespace groups flows, as folders do
tasks the tasks it runs
errors tasks that run when one of its tasks has failed
finally tasks that run at its end, however it went
afterExecution tasks that run once the execution has ended
revision which version of the flow
description words for people
labels words to find executions by
inputs values handed in
variables values that expressions read as `vars`
outputs values handed out
triggers what starts the flow by itself
concurrency how many executions of this flow may run at once
disabled `true` leaves it out
pluginDefaults properties for all tasks of a type
concurrency.limit the most executions at once
concurrency.behavior what becomes of one too many: it waits, is cancelled, or fails
retry tries again after a failure
retry.type how the wait grows: constant, exponential or random
retry.behavior tries the task again, or starts a new execution
interval how long to wait in between
maxAttempt the most tries, the first among them (old name)
maxAttempts the most tries, the first among them
maxDuration gives up after this time
maxIterations gives up after so many rounds
warningOnRetry ends with a warning when it had to try again
runIf runs only if this renders to true; else it is skipped
timeout fails when it takes longer than this
allowFailure a failure is only a warning
allowWarning a warning counts as success
logLevel the least level that is kept
concurrent the slots: how many run at the same time; 0 is no limit
concurrencyLimit for how many values at the same time; 0 is all at once
failFast stops at the first failure
dependsOn ids of the tasks that must be done before
task the task itself
values what to run for: a list, or an expression that gives one
OutputValues.values the values, by name
input.values what to choose from
EachSequential.value what to run for: a list, or an expression that gives one
EachParallel.value what to run for: a list, or an expression that gives one
value what chooses, or the value itself
cases lists of tasks, by the value that chooses them
Switch.defaults tasks for any other value
then tasks for when the condition holds
else tasks for when it does not
condition an expression; empty, 0 and false do not hold
LoopUntil.condition ends the loop as soon as it holds
Fail.condition fails only if it holds
conditions expressions that must all hold
checkFrequency how often to look, and when to give up
failOnMaxReached fails when it gave up
onPause a task that runs when the pause begins
onResume what to ask of the person who resumes it
delay resumes by itself after this time (old name)
pauseDuration resumes by itself after this time
Pause.behavior what the end of the delay means: it resumes, warns, fails or cancels
flowId which flow to start
wait `false` goes on without waiting for it
transmitFailed ends as the flow it started ended
items the file to split
message what to write
level how important it is
format the text to render
duration how long
commands the commands, one after another
script the script
env environment variables
taskRunner where it runs: in a process or a container
uri the address
headers the headers that are sent
input.type what kind of value
defaults the value when none is given
required whether it must be given
min the least
max the most
";
