import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kestra.core.serializers.JacksonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Lines of JSON, each written at once:
 * `{"engine": "kestra 2.0.0", "upMs": 8000}` when the engine is up, `{"case": NAME}` when a case begins,
 * `{"ms": 1203, "execution": 0, "flow": ID, "state": STATE}` for each state as it comes, of a task run also with `"task"` and `"value"`, in an
 * iteration of a Loop with its `"item"`,
 * `{"record": ...}` when a case has ended.
 */
final class Lines {
    private static final ObjectMapper JSON = JacksonMapper.ofJson().copy().setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS);
    private final PrintStream out;

    Lines(PrintStream out) {
        this.out = new PrintStream(out, false, StandardCharsets.UTF_8);
    }

    static Lines none() {
        return new Lines(new PrintStream(OutputStream.nullOutputStream()));
    }

    synchronized void write(Map<String, ?> line) {
        out.println(text(line));
        out.flush();
    }

    static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static <T> T read(String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
