import com.fasterxml.jackson.databind.ObjectMapper;
import io.kestra.core.models.executions.Execution;
import io.kestra.core.models.executions.LogEntry;
import io.kestra.core.serializers.JacksonMapper;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The tables of the engine, read by a connection of our own to its database in memory. */
final class Tables {
    static final String URL = "jdbc:h2:mem:public;TIME ZONE=UTC;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE";
    private static final ObjectMapper JSON = JacksonMapper.ofJson();
    private final Connection database;

    Tables() throws Exception {
        database = DriverManager.getConnection(URL, "sa", "");
    }

    List<Execution> executions(String tenant) throws Exception {
        List<Execution> found = new ArrayList<>();
        for (String value : values("SELECT \"value\" FROM executions WHERE \"tenant_id\" = ?", tenant)) found.add(JSON.readValue(value, Execution.class));
        found.sort(Comparator.comparing((Execution one) -> one.getState().getStartDate()).thenComparing(Execution::getId));
        return found;
    }

    List<LogEntry> logs(String executionId) throws Exception {
        List<LogEntry> found = new ArrayList<>();
        for (String value : values("SELECT \"value\" FROM logs WHERE \"execution_id\" = ?", executionId)) found.add(JSON.readValue(value, LogEntry.class));
        found.sort(Comparator.comparing(LogEntry::getTimestamp));
        return found;
    }

    /** The dates that the engine waits for (retry, pause, loop), as JSON with the id of the execution. */
    List<String> delays() throws Exception {
        return values("SELECT \"value\" FROM executordelayed");
    }

    /** The first column of all rows. */
    synchronized List<String> values(String query, String... arguments) throws Exception {
        List<String> found = new ArrayList<>();
        try (PreparedStatement statement = database.prepareStatement(query)) {
            for (int i = 0; i < arguments.length; i++) statement.setString(i + 1, arguments[i]);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) found.add(rows.getString(1));
            }
        }
        return found;
    }

    synchronized void empty(List<String> names) throws Exception {
        for (String name : names) {
            try (PreparedStatement statement = database.prepareStatement("DELETE FROM " + name)) {
                statement.execute();
            }
        }
    }
}
