package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.Command;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/// Commands that do not stand in the session's log yet.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** `commandsMax`.
/// - **Promise:** numbers count from 1 without gap for one attach, whatever hosts come and go; a command stays until
///   its number is acknowledged.
final class PendingCommands {
    private final ArrayDeque<Command> unacknowledged = new ArrayDeque<>(0);
    private final int commandsMax;
    private long number;

    PendingCommands(int commandsMax) {
        this.commandsMax = commandsMax;
    }

    boolean isFull() {
        return unacknowledged.size() >= commandsMax;
    }

    /// Gives the command its number.
    Command add(Command.Builder command) {
        var numbered = command.setNumber(++number).build();
        unacknowledged.add(numbered);
        return numbered;
    }

    void onAck(long acknowledged) {
        while (!unacknowledged.isEmpty() && unacknowledged.getFirst().getNumber() <= acknowledged) {
            unacknowledged.removeFirst();
        }
    }

    void forEach(Consumer<Command> consumer) {
        unacknowledged.forEach(consumer);
    }
}
