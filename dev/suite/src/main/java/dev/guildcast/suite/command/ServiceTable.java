package dev.guildcast.suite.command;

import dev.guildcast.suite.process.ServiceState;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The last lines of a terminal: one for each service, with its state, drawn again in place.
///
/// - **Owner:** the lock of its [ProgressPrinter].
/// - **Bound:** a line for each service instance; more than fit on the screen are drawn all the same.
final class ServiceTable {
    /// Moves the cursor up and erases what follows: understood by every terminal since the VT100.
    private static final String UP_AND_ERASE = "\u001b[%dA\u001b[J";

    private final PrintStream out;
    private final boolean terminal;
    private final Map<String, ServiceState> states = new LinkedHashMap<>();
    private boolean shown;
    private int drawnLines;

    ServiceTable(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// @return the state before, null if there was none
    @Nullable
    ServiceState put(String id, ServiceState state) {
        return states.put(id, state);
    }

    void putWaiting(String id) {
        states.putIfAbsent(id, ServiceState.WAITING);
    }

    /// Whether the states are visible, so that a change needs no line of its own.
    boolean isDrawn() {
        return shown;
    }

    void show() {
        shown = terminal;
        draw();
    }

    void hide() {
        erase();
        shown = false;
    }

    void redraw() {
        erase();
        draw();
        out.flush();
    }

    void draw() {
        if (shown) {
            states.forEach((id, state) -> out.println("            " + id + ": " + state.label()));
            drawnLines = states.size();
        }
    }

    void erase() {
        if (drawnLines > 0) {
            out.print(UP_AND_ERASE.replace("%d", Integer.toString(drawnLines)));
            drawnLines = 0;
        }
    }
}
