package dev.guildcast.gateway.link;

import dev.guildcast.link.v1.Command;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/// Commands that the session's host has not acknowledged yet: they may not be in the session's log.
///
/// - **Owner:** the connection's event loop.
/// - **Bound:** `commandsMax`.
/// - **Promise:** within one attach, command numbers count from 1 without gaps across changes of owner; a command is
///   kept until its number is acknowledged.
final class PendingCommands {
    private final ArrayDeque<Command> unacknowledged = new ArrayDeque<>(0);
    private final int commandsMax;
    private long lastNumber;

    PendingCommands(int commandsMax) {
        this.commandsMax = commandsMax;
    }

    boolean isFull() {
        return unacknowledged.size() >= commandsMax;
    }

    /// Assigns the next number to the command and keeps it.
    Command add(Command.Builder command) {
        var pending = command.setNumber(++lastNumber).build();
        unacknowledged.add(pending);
        return pending;
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
