package dev.guildcast.fanout.view;

import dev.guildcast.event.v1.VoiceStateState;
import dev.guildcast.event.v1.VoiceStateUpsert;

/// A member's place in a voice channel.
///
/// @param sessionId as clients know it; empty when unknown
/// @param generation document generation in which it was last named
public record VoiceState(long userId, long channelId, String sessionId, Fields fields, int generation) {
    static VoiceState of(VoiceStateUpsert upsert, int generation) {
        return new VoiceState(
                upsert.getUserId(),
                upsert.getChannelId(),
                upsert.getSessionId(),
                Fields.of(upsert.getFieldsList()),
                generation);
    }

    /// Whether clients see no difference to another one.
    public boolean hasSameContentAs(VoiceState other) {
        return channelId == other.channelId && sessionId.equals(other.sessionId) && fields.equals(other.fields);
    }

    VoiceStateState toState() {
        return VoiceStateState.newBuilder()
                .setVoiceState(VoiceStateUpsert.newBuilder()
                        .setUserId(userId)
                        .setChannelId(channelId)
                        .setSessionId(sessionId)
                        .addAllFields(fields.toRecord()))
                .setNamed(generation)
                .build();
    }
}
