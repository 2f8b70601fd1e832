package dev.guildcast.system.simulation;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.session.shard.SessionShard;
import dev.guildcast.shard.RecordContext;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// What has been said about sessions so far, by whomever, and whether it may have been said.
final class Ledger {
    private record Given(String event, long atMillis) {}

    private final Limits limits;
    private final LongSupplier wallMillis;
    private final Map<ShardId, SessionReading> readings = new HashMap<>();
    private final Map<String, Given> given = new HashMap<>();
    private final Map<String, Integer> highest = new HashMap<>();
    private final Map<String, Integer> attached = new HashMap<>();
    final TreeMap<String, Integer> counts = new TreeMap<>();

    Ledger(Limits limits, MemoryInstallation installation, LongSupplier wallMillis) {
        this.limits = limits;
        this.wallMillis = wallMillis;
        for (int i = 0; i < limits.topology().sessionShards(); i++) {
            var shard = ShardId.session(i);
            readings.put(shard, new SessionReading(installation, shard));
        }
    }

    void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    /// Some process applied a record of a session log.
    void applied(SessionShard machine, SessionRecord record, RecordContext at) {
        for (var each : machine.numbered()) {
            String session = at.shard().index() + "@" + each.session().offset();
            var now = new Given(at.offset() + "/" + each.payload(), at.timestampMillis());
            var before = given.putIfAbsent(session + "#" + each.sequence(), now);
            if (before != null && !before.equals(now)) {
                throw new Violation("two owners disagree about " + session + " s " + each.sequence() + ": "
                        + before.event + " and " + now.event);
            }
            highest.merge(session, each.sequence(), Math::max);
        }
        if (record.hasClose()) {
            onClose(machine, record.getClose(), at);
        }
        if (record.hasAttached()) {
            var session = machine.sessions().at(record.getAttached().getSessionOffset());
            if (session != null && session.lastAttach() == at.offset()) {
                attached.putIfAbsent(
                        at.shard().index() + "@" + session.offset() + "/"
                                + record.getAttached().getAttachId(),
                        session.sequence());
            }
        }
    }

    private void onClose(SessionShard machine, Close close, RecordContext at) {
        var stand = reading(at.shard()).at(close.getSessionOffset());
        boolean owed = stand != null && stand.endedAt == at.offset();
        if (owed != (machine.closed() != null)) {
            throw new Violation((owed ? "a close was not heeded" : "a void close was heeded") + ": session "
                    + at.shard().index() + "@" + close.getSessionOffset() + " at " + at.offset());
        }
        if (!owed && stand != null && stand.ended == null && close.getNonce() == at.ownerNonce()) {
            count("closes that came too late");
        }
    }

    private SessionReading reading(ShardId shard) {
        var reading = readings.get(shard);
        if (reading == null) {
            throw new IllegalArgumentException("no reading of " + shard);
        }
        return reading;
    }

    SessionReading.Stand stand(String sessionId) {
        var id = SessionId.parse(sessionId).orElseThrow();
        var stand = reading(ShardId.session(id.shard())).at(id.offset());
        if (stand == null) {
            throw new Violation("no Open begins " + id);
        }
        return stand;
    }

    /// RESUMED was read by a client that has everything up to `last`.
    void onResumed(Attempt attempt, int sequence, int last) {
        count("resumed");
        attempt.resumed++;
        if (attempt.resumed > 1 || !attempt.resume) {
            throw new Violation("RESUMED for the " + attempt.resumed + ". time: " + attempt);
        }
        if (sequence != last) {
            throw new Violation("RESUMED with s " + sequence + " after " + last + ": " + attempt);
        }
        var seq = attached.get(Client.name(attempt.resumes) + "/" + attempt.attachId);
        if (seq == null || last < seq) {
            throw new Violation("RESUMED at " + last + " before the replay up to " + seq + ": " + attempt);
        }
    }

    void onInvalid(Attempt attempt) {
        count("op 9");
        String sessionId = sessionId(attempt);
        if (!attempt.current() || sessionId.isEmpty()) {
            return;
        }
        var ended = stand(sessionId).ended;
        if (ended != null) {
            count("op 9 after " + ended);
            if (ended != Close.Reason.EXPIRED && ended != Close.Reason.OVERRUN) {
                throw new Violation("op 9 because of " + ended + ": " + attempt);
            }
        } else if (!overrun(attempt, sessionId)) {
            throw new Violation("op 9 is not owed: " + attempt);
        }
    }

    private boolean overrun(Attempt attempt, String sessionId) {
        if (!limits.forgets()) {
            return false;
        }
        count("overrun");
        String name = Client.name(sessionId);
        // What had been forwarded since is not known to whoever answered.
        int asked = attempt.line == null ? attempt.lastForwarded : attempt.gateway.asked(attempt.line);
        int missing = highest.getOrDefault(name, 0) - asked;
        var next = given.get(name + "#" + (asked + 1));
        return missing > limits.resume().ringMax()
                || next != null
                        && wallMillis.getAsLong() - next.atMillis
                                >= limits.resume().window().toMillis();
    }

    void onSuperseded(Attempt attempt) {
        count("superseded");
        String sessionId = sessionId(attempt);
        if (attempt.current()
                && attempt.finished
                && !attempt.rivalled
                && !sessionId.isEmpty()
                && stand(sessionId).attachId == attempt.attachId) {
            throw new Violation("the current connection was superseded: " + attempt);
        }
    }

    private static String sessionId(Attempt attempt) {
        return attempt.line == null ? attempt.resumes : attempt.line.sessionId();
    }
}
