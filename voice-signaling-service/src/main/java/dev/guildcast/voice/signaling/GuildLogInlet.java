package dev.guildcast.voice.signaling;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.guildcast.event.v1.GuildRecord;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/// Reads the guilds' logs for what others do to those in voice.
///
/// Called by the binder's own thread, which waits until what follows from a fetch is done: only then does it count as
/// read. What cannot be done is tried again, and given up in the end: the next command of that user puts it right.
///
/// - **Bound:** one fetch, [#AT_ONCE] of its records at a time, so that a fetch of 500 is done or given up long before
///   the group takes this reader for dead.
final class GuildLogInlet implements Consumer<List<byte[]>> {
    private static final int AT_ONCE = 64;
    private static final int TRIES_MORE = 4;
    private static final Logger LOG = LoggerFactory.getLogger(GuildLogInlet.class);

    private final Function<GuildRecord, Mono<Void>> changes;
    private final Duration backOff;

    /// @param changes what follows from a record; may be called again for the same, and in another order
    /// @param backOff before the second try; it doubles from try to try
    GuildLogInlet(Function<GuildRecord, Mono<Void>> changes, Duration backOff) {
        this.changes = changes;
        this.backOff = backOff;
    }

    @Override
    public void accept(List<byte[]> records) {
        Flux.fromIterable(records).flatMap(this::take, AT_ONCE).blockLast();
    }

    private Mono<Void> take(byte[] bytes) {
        GuildRecord record;
        try {
            record = GuildRecord.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            LOG.warn("a record of guild.events is none: {}", e.getMessage());
            return Mono.empty();
        }
        return Mono.defer(() -> changes.apply(record))
                .retryWhen(Retry.backoff(TRIES_MORE, backOff))
                .onErrorResume(failure -> {
                    LOG.warn("what a backend did to those in voice was not followed: {}", failure.toString());
                    return Mono.empty();
                });
    }
}
