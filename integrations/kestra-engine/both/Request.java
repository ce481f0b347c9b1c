import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A case to run. The first YAML document of `flow` is the flow that runs, the others (after a line `---`) are flows that it may call.
 */
record Request(String name, String flow, Settings settings) {
    /** How it is run; each may be missing. `executions` start at once; times are milliseconds after that. */
    record Settings(
        Map<String, Object> inputs, Map<String, String> labels, Integer executions, Long killAfterMs, Long resumeAfterMs, Long timeoutMs
    ) {}

    Settings settingsOrNone() {
        return Optional.ofNullable(settings).orElse(new Settings(null, null, null, null, null, null));
    }

    List<String> documents() {
        return Stream.of(flow.split("(?m)^---[ \t]*\r?$\n?"))
            .filter(document -> document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
            .toList();
    }
}
