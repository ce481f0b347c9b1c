import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.TaskRun;
import io.kestra.core.models.flows.Flow;
import io.kestra.core.models.flows.check.Check;
import io.kestra.core.models.validations.ValidateConstraintViolation;
import java.util.List;
import java.util.Map;

/** What a case asks of the engine, where the versions differ. `Kestra` of each version is one. */
interface Engine {
    /** An execution that is ready to start: its id, the checks that failed, and how to start it (FAILED at once, or not). */
    record Prepared(String id, List<Check> failedChecks, Start start) {}

    interface Start {
        void now(boolean failed) throws Exception;
    }

    /** An iteration of a Loop: the task that made it, its place, and for each Loop around it index, key and value. */
    record Iteration(String task, String taskRunId, Integer index, Object key, Object value, List<?> parents) {}

    /** `kestra 2.0.0`. */
    String name();

    /** Where the n-th case lives. */
    String tenant(int number);

    List<ValidateConstraintViolation> validate(String tenant, String source);

    void save(String tenant, String source) throws Exception;

    Flow find(String tenant, String namespace, String id) throws Exception;

    /** Reads the inputs as the API does, and evaluates the checks of the flow. */
    Prepared prepare(Flow flow, Map<String, Object> inputs, Map<String, String> labels) throws Exception;

    void kill(String tenant, String executionId) throws Exception;

    /** Resumes an execution if it is PAUSED. */
    void resume(String tenant, Execution execution) throws Exception;

    /** Over, `afterExecution` included. */
    boolean isTerminated(Flow flow, Execution execution);

    /** Whether a worker is busy with a task of this execution, as far as the engine can say. */
    boolean isAtWork(Execution execution) throws Exception;

    /** A text that changes while something goes on that no execution shows. */
    String activity(List<Execution> executions) throws Exception;

    Map<String, Object> outputs(Execution execution) throws Exception;

    Map<String, Object> outputs(TaskRun taskRun) throws Exception;

    /** The iteration that this execution is; null when it is none. */
    Iteration iteration(Execution execution);

    Tables tables();

    /** Removes what a case left, so that the next one does not see it. */
    void cleanUp(String tenant) throws Exception;
}
