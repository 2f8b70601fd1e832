package dev.guildcast.fanout.shard;

import dev.guildcast.event.v1.VoiceStateUpsert;
import dev.guildcast.fanout.audience.Scope;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.VoiceState;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Moves users between voice channels.
///
/// Who sees the new channel, and the user itself, is told where the user is. Who sees only the old one is told that the
/// user left: where to is a hidden channel's business.
final class VoiceChanges {
    private final GuildView view;
    private final Words words;

    VoiceChanges(GuildView view, Words words) {
        this.view = view;
        this.words = words;
    }

    void apply(VoiceStateUpsert upsert, Teller teller) {
        long user = upsert.getUserId();
        VoiceState before = view.voiceStates().get(user);
        VoiceState now = view.put(upsert);
        boolean changed = before == null || !before.shows(now);
        if (upsert.getChannelId() == 0) {
            view.removeVoiceState(user);
        }
        String type = teller.typeOfUpsert("VOICE_STATE_UPDATE", "VOICE_STATE_UPDATE", before != null, changed);
        if (type == null) {
            return;
        }
        Scope self = new Scope.Only(Set.of(user));
        Scope sawOld = viewers(before);
        Scope seesNew = viewers(now);
        Scope told = upsert.getChannelId() == 0 ? either(sawOld, self) : either(seesNew, self);
        teller.tell(type, told, () -> words.voiceState(now, now.channelId()));
        if (upsert.getChannelId() != 0 && before != null && before.channelId() != now.channelId()) {
            teller.tellOwn(type, new Scope.Except(sawOld, told), words.voiceState(now, 0));
        }
    }

    private static Scope either(Scope one, Scope other) {
        return new Scope.Either(one, other);
    }

    private Scope viewers(@Nullable VoiceState state) {
        Channel channel = state == null ? null : view.channel(state.channelId());
        return channel == null ? new Scope.Only(Set.of()) : new Scope.Viewers(channel);
    }
}
