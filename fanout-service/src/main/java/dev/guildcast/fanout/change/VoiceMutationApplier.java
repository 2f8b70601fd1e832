package dev.guildcast.fanout.change;

import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.payload.EventPayloads;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.VoiceState;
import dev.guildcast.shard.Outputs;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Moves users between voice channels, and out of them when their channel, membership or guild ends.
///
/// Users who see the new channel, and the user itself, receive the new channel. Users who see only the old one receive
/// a departure: the new channel is hidden from them.
final class VoiceMutationApplier {
    private final GuildContext guild;
    private final GuildView view;
    private final EventPayloads payloads;
    private final Outputs out;

    VoiceMutationApplier(GuildContext guild, EventPayloads payloads, Outputs out) {
        this.guild = guild;
        this.view = guild.view();
        this.payloads = payloads;
        this.out = out;
    }

    void apply(VoiceStateUpsert upsert, ChangeEmitter emitter) {
        long user = upsert.getUserId();
        VoiceState before = view.voiceStates().get(user);
        VoiceState after = view.put(upsert);
        boolean changed = before == null || !before.hasSameContentAs(after);
        if (upsert.getChannelId() == 0) {
            view.removeVoiceState(user);
        }
        String type = emitter.upsertEventType("VOICE_STATE_UPDATE", "VOICE_STATE_UPDATE", before != null, changed);
        if (type == null) {
            return;
        }
        Scope self = new Scope.Only(Set.of(user));
        Scope oldViewers = viewers(before);
        Scope newViewers = viewers(after);
        Scope primary = upsert.getChannelId() == 0 ? either(oldViewers, self) : either(newViewers, self);
        emitter.emit(type, primary, () -> payloads.voiceState(after, after.channelId()));
        if (upsert.getChannelId() != 0 && before != null && before.channelId() != after.channelId()) {
            guild.eventEmitter()
                    .emitDerived(out, type, payloads.voiceState(after, 0), new Scope.Except(oldViewers, primary));
        }
    }

    /// A member is about to be removed: it leaves its voice channel first.
    void memberGone(long user) {
        VoiceState state = view.voiceStates().get(user);
        if (state != null) {
            depart(state);
        }
    }

    /// A channel is about to be removed, with the threads in it: whoever is in one of them leaves first.
    void channelGone(long id) {
        for (VoiceState state : List.copyOf(view.voiceStates().values())) {
            Channel channel = view.channel(state.channelId());
            if (channel != null && (channel.id() == id || channel.thread() && channel.parentId() == id)) {
                depart(state);
            }
        }
    }

    /// The guild is about to be removed: sessions without the intent GUILDS receive no GUILD_DELETE for it.
    void guildGone() {
        List.copyOf(view.voiceStates().values()).forEach(this::depart);
    }

    /// Emitted to all who saw the state, and to the user itself; clients may ignore members and channels, so none of
    /// their events implies it.
    private void depart(VoiceState state) {
        guild.eventEmitter()
                .emitDerived(
                        out,
                        "VOICE_STATE_UPDATE",
                        payloads.voiceState(state, 0),
                        either(viewers(state), new Scope.Only(Set.of(state.userId()))));
        view.removeVoiceState(state.userId());
    }

    private static Scope either(Scope one, Scope other) {
        return new Scope.Either(one, other);
    }

    private Scope viewers(@Nullable VoiceState state) {
        Channel channel = state == null ? null : view.channel(state.channelId());
        return channel == null ? new Scope.Only(Set.of()) : new Scope.Viewers(channel);
    }
}
