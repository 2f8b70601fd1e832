package dev.guildcast.voice.signaling;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.event.v1.GuildRecord;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the guilds' logs for what others do to those in voice.
///
/// Called by the binder's own thread, which waits until what follows from a record is done: it counts as read only
/// then,
/// and is tried again when it could not be done.
final class GuildLogInlet implements Consumer<byte[]> {
    private static final Duration WAIT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(GuildLogInlet.class);

    private final BackendChanges changes;

    GuildLogInlet(BackendChanges changes) {
        this.changes = changes;
    }

    @Override
    public void accept(byte[] bytes) {
        GuildRecord record;
        try {
            record = GuildRecord.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("a record of guild.events is none: {}", e.getMessage());
            return;
        }
        changes.onRecord(record).block(WAIT);
    }
}
