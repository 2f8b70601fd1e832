package dev.guildcast.system.simulation;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.session.shard.Applied;
import dev.guildcast.session.shard.SessionChange;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// What has been said about sessions so far, by whomever, and whether it may have been said.
final class SessionInvariants {
    private record AssignedEvent(String event, long atMillis) {}

    private final SimulationConfig config;
    private final LongSupplier wallMillis;
    private final Map<ShardId, SessionLogOracle> logs = new HashMap<>();
    private final Map<String, AssignedEvent> assigned = new HashMap<>();
    private final Map<String, Integer> highestSequences = new HashMap<>();
    private final Map<String, Integer> sequencesAtAttach = new HashMap<>();
    final TreeMap<String, Integer> counts = new TreeMap<>();

    SessionInvariants(SimulationConfig config, MemoryInstallation installation, LongSupplier wallMillis) {
        this.config = config;
        this.wallMillis = wallMillis;
        for (int i = 0; i < config.topology().sessionShards(); i++) {
            var shard = ShardId.session(i);
            logs.put(shard, new SessionLogOracle(installation, shard));
        }
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /// Some process applied a record of a session log.
    void onApplied(RecordContext context, Applied applied) {
        for (var each : applied.dispatches()) {
            String session = context.shard().index() + "@" + each.session().offset();
            var now = new AssignedEvent(context.offset() + "/" + each.payload(), context.timestampMillis());
            var before = assigned.putIfAbsent(session + "#" + each.sequence(), now);
            if (before != null && !before.equals(now)) {
                throw new InvariantViolation("two owners disagree about " + session + " s " + each.sequence() + ": "
                        + before.event + " and " + now.event);
            }
            highestSequences.merge(session, each.sequence(), Math::max);
        }
        if (applied.change() instanceof SessionChange.Closed closed) {
            onClose(closed, context);
        }
        if (applied.change() instanceof SessionChange.AttachedTo change && change.session() != null) {
            sequencesAtAttach.putIfAbsent(
                    context.shard().index() + "@" + change.session().offset() + "/"
                            + change.attached().getAttachId(),
                    change.session().sequence());
        }
    }

    private void onClose(SessionChange.Closed closed, RecordContext context) {
        var close = closed.close();
        var session = log(context.shard()).at(close.getSessionOffset());
        boolean expected = session != null && session.closedAtOffset == context.offset();
        if (expected != (closed.session() != null)) {
            throw new InvariantViolation(
                    (expected ? "a valid close was not applied" : "a void close was applied") + ": session "
                            + context.shard().index() + "@" + close.getSessionOffset() + " at " + context.offset());
        }
        if (!expected && session != null && session.closeReason == null && close.getNonce() == context.ownerNonce()) {
            count("closes that came too late");
        }
    }

    private SessionLogOracle log(ShardId shard) {
        var log = logs.get(shard);
        if (log == null) {
            throw new IllegalArgumentException("no reading of " + shard);
        }
        return log;
    }

    SessionLogOracle.LoggedSession session(String sessionId) {
        var id = SessionId.parse(sessionId).orElseThrow();
        var session = log(ShardId.session(id.shard())).at(id.offset());
        if (session == null) {
            throw new InvariantViolation("no Open begins " + id);
        }
        return session;
    }

    /// RESUMED was read by a client that has everything up to `last`.
    void onResumed(ClientConnection connection, int sequence, int last) {
        count("resumed");
        connection.resumedCount++;
        if (connection.resumedCount > 1 || !connection.resume) {
            throw new InvariantViolation("RESUMED for the " + connection.resumedCount + ". time: " + connection);
        }
        if (sequence != last) {
            throw new InvariantViolation("RESUMED with s " + sequence + " after " + last + ": " + connection);
        }
        var seq = sequencesAtAttach.get(
                SimulatedClient.sessionKey(connection.resumedSessionId) + "/" + connection.attachId);
        if (seq == null || last < seq) {
            throw new InvariantViolation("RESUMED at " + last + " before the replay up to " + seq + ": " + connection);
        }
    }

    void onInvalid(ClientConnection connection) {
        count("op 9");
        String sessionId = sessionId(connection);
        if (!connection.isCurrent() || sessionId.isEmpty()) {
            return;
        }
        var closeReason = session(sessionId).closeReason;
        if (closeReason != null) {
            count("op 9 after " + closeReason);
            if (closeReason != Close.Reason.EXPIRED && closeReason != Close.Reason.OVERRUN) {
                throw new InvariantViolation("op 9 because of " + closeReason + ": " + connection);
            }
        } else if (!isOverrun(connection, sessionId)) {
            throw new InvariantViolation("op 9 is not owed: " + connection);
        }
    }

    private boolean isOverrun(ClientConnection connection, String sessionId) {
        if (!config.sessionsMayEnd()) {
            return false;
        }
        count("overrun");
        String name = SimulatedClient.sessionKey(sessionId);
        // What had been forwarded since is not known to whoever answered.
        int requestedSequence = connection.session == null
                ? connection.lastForwarded
                : connection.gateway.lastRequestedSequence(connection.session);
        int missing = highestSequences.getOrDefault(name, 0) - requestedSequence;
        var next = assigned.get(name + "#" + (requestedSequence + 1));
        return missing > config.resume().ringMax()
                || next != null
                        && wallMillis.getAsLong() - next.atMillis
                                >= config.resume().window().toMillis();
    }

    void onSuperseded(ClientConnection connection) {
        count("superseded");
        String sessionId = sessionId(connection);
        if (connection.isCurrent()
                && connection.established
                && !connection.contended
                && !sessionId.isEmpty()
                && session(sessionId).attachId == connection.attachId) {
            throw new InvariantViolation("the current connection was superseded: " + connection);
        }
    }

    private static String sessionId(ClientConnection connection) {
        return connection.session == null ? connection.resumedSessionId : connection.session.sessionId();
    }
}
