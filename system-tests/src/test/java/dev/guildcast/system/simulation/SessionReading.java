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

/// A session log as the rules say that it is to be read: which sessions it begins and ends, and whose they are.
final class SessionReading {
    /// A session, as the log has it.
    static final class Stand {
        long attachId;
        long lastAttach;
        long request;
        long openedAtMillis;
        Close.@Nullable Reason ended;
        /// Offset of the Close that ended it.
        long endedAt = -1;
    }

    private final MemoryInstallation installation;
    private final ShardId shard;
    private final Map<Long, Stand> sessions = new HashMap<>();
    private final Set<Long> requests = new HashSet<>();
    private long next;
    private long epoch;
    private long owner;

    SessionReading(MemoryInstallation installation, ShardId shard) {
        this.installation = installation;
        this.shard = shard;
    }

    /// The session of the Open at this offset as of now; null if there never was one.
    @Nullable
    Stand at(long offset) {
        var log = installation.log(shard);
        for (; next < log.end(); next++) {
            var entry = log.at(next);
            read(next, entry.timestampMillis(), parse(entry.record()));
        }
        return sessions.get(offset);
    }

    private void read(long offset, long atMillis, SessionRecord record) {
        switch (record.getRecordCase()) {
            case CLAIM -> {
                if (record.getClaim().getEpoch() > epoch) {
                    epoch = record.getClaim().getEpoch();
                    owner = record.getClaim().getNonce();
                }
            }
            case OPEN -> {
                var open = record.getOpen();
                if (open.getNonce() == owner && requests.add(open.getRequest())) {
                    var stand = new Stand();
                    stand.attachId = open.getAttachId();
                    stand.lastAttach = offset;
                    stand.request = open.getRequest();
                    stand.openedAtMillis = atMillis;
                    sessions.put(offset, stand);
                }
            }
            case ATTACHED -> {
                var stand = sessions.get(record.getAttached().getSessionOffset());
                if (stand != null && stand.ended == null && record.getAttached().getNonce() == owner) {
                    stand.attachId = record.getAttached().getAttachId();
                    stand.lastAttach = offset;
                }
            }
            case CLOSE -> {
                var close = record.getClose();
                var stand = sessions.get(close.getSessionOffset());
                if (stand != null
                        && stand.ended == null
                        && close.getNonce() == owner
                        && stand.lastAttach <= close.getLastAttachSeen()) {
                    stand.ended = close.getReason();
                    stand.endedAt = offset;
                    requests.remove(stand.request);
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
