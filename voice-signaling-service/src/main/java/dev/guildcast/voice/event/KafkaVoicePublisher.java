package dev.guildcast.voice.event;

import dev.guildcast.contract.SessionId;
import dev.guildcast.contract.Topology;
import dev.guildcast.contract.catalogue.EventCatalogue;
import dev.guildcast.event.v1.GuildRecord;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.shard.stream.KafkaBindingAppender;
import dev.guildcast.voice.VoiceState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/// Appends voice events to the guild log, in the partition of the guild's home shard. Every record carries a
/// publication id, so that the shard recognizes a duplicate.
///
/// - **Owner:** the appender's thread, which alone assigns sequences.
/// - **Bound:** [#UNACKNOWLEDGED_MAX] records unacknowledged; more are rejected.
public final class KafkaVoicePublisher implements VoicePublisher {
    /// The output binding.
    static final String BINDING = "voice-out-0";

    /// Unacknowledged records; below the last 1 024 sequences of a publisher by which a shard recognizes duplicates.
    static final int UNACKNOWLEDGED_MAX = 1000;

    private final KafkaBindingAppender appender;
    private final Topology topology;
    private final String publisher;
    private long nextSequence;

    /// @param appender of one thread
    /// @param publisher unique among those that publish at the same time
    /// @param firstSequence above every sequence that an earlier process of this name has used
    KafkaVoicePublisher(KafkaBindingAppender appender, Topology topology, String publisher, long firstSequence) {
        this.appender = appender;
        this.topology = topology;
        this.publisher = publisher;
        this.nextSequence = firstSequence;
    }

    @Override
    public Mono<Void> publishState(VoiceState state) {
        return Mono.defer(() -> append(
                EventCatalogue.fromService("VOICE_STATE_UPDATE", bytes(state.toJson()))
                        .record(),
                state.guild()));
    }

    @Override
    public Mono<Void> publishServer(long guild, SessionId session, String token, Optional<String> endpoint) {
        // The token is base64url and the endpoint was validated at registration: neither needs escaping.
        String d = "{\"token\":\"" + token + "\",\"guild_id\":\"" + Long.toUnsignedString(guild) + "\",\"endpoint\":"
                + endpoint.map(text -> "\"" + text + "\"").orElse("null") + "}";
        return Mono.defer(() -> append(
                EventCatalogue.fromService("VOICE_SERVER_UPDATE", bytes(d), List.of(session))
                        .record(),
                guild));
    }

    private Mono<Void> append(GuildRecord record, long guild) {
        return appender.append(topology.guildShard(guild).index(), () -> withPublication(record));
    }

    private byte[] withPublication(GuildRecord record) {
        var published = record.toBuilder();
        published
                .getEventBuilder()
                .setPublication(Publication.newBuilder().setPublisher(publisher).setSequence(nextSequence++));
        return published.build().toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
