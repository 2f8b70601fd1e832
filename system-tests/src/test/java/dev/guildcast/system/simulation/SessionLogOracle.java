package dev.guildcast.system.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.contract.ShardId;
import dev.guildcast.delivery.v1.Close;
import dev.guildcast.delivery.v1.SessionRecord;
import dev.guildcast.shard.memory.MemoryInstallation;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The oracle for session logs: reads a log by its rules, and computes which sessions it opens and closes.
final class SessionLogOracle {
    /// A session according to the log.
    static final class LoggedSession {
        long attachId;
        long lastAttachOffset;
        long request;
        long openedAtMillis;
        Close.@Nullable Reason closeReason;
        /// Offset of the Close that ended it; -1 while it is open.
        long closedAtOffset = -1;
    }

    private final MemoryInstallation installation;
    private final ShardId shard;
    private final Map<Long, LoggedSession> sessions = new HashMap<>();
    private final Set<Long> requests = new HashSet<>();
    private long nextOffset;
    private long epoch;
    private long ownerNonce;

    SessionLogOracle(MemoryInstallation installation, ShardId shard) {
        this.installation = installation;
        this.shard = shard;
    }

    /// The current state of the session opened at this offset; null if there is none.
    @Nullable
    LoggedSession at(long offset) {
        var log = installation.log(shard);
        for (; nextOffset < log.end(); nextOffset++) {
            var entry = log.at(nextOffset);
            read(nextOffset, entry.timestampMillis(), parse(entry.record()));
        }
        return sessions.get(offset);
    }

    private void read(long offset, long atMillis, SessionRecord record) {
        switch (record.getRecordCase()) {
            case CLAIM -> {
                if (record.getClaim().getEpoch() > epoch) {
                    epoch = record.getClaim().getEpoch();
                    ownerNonce = record.getClaim().getNonce();
                }
            }
            case OPEN -> {
                var open = record.getOpen();
                if (open.getNonce() == ownerNonce && requests.add(open.getRequest())) {
                    var session = new LoggedSession();
                    session.attachId = open.getAttachId();
                    session.lastAttachOffset = offset;
                    session.request = open.getRequest();
                    session.openedAtMillis = atMillis;
                    sessions.put(offset, session);
                }
            }
            case ATTACHED -> {
                var session = sessions.get(record.getAttached().getSessionOffset());
                if (session != null
                        && session.closeReason == null
                        && record.getAttached().getNonce() == ownerNonce) {
                    session.attachId = record.getAttached().getAttachId();
                    session.lastAttachOffset = offset;
                }
            }
            case CLOSE -> {
                var close = record.getClose();
                var session = sessions.get(close.getSessionOffset());
                if (session != null
                        && session.closeReason == null
                        && close.getNonce() == ownerNonce
                        && session.lastAttachOffset <= close.getLastAttachSeen()) {
                    session.closeReason = close.getReason();
                    session.closedAtOffset = offset;
                    requests.remove(session.request);
                }
            }
            default -> {}
        }
    }

    static SessionRecord parse(byte[] bytes) {
        try {
            return SessionRecord.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
