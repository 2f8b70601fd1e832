package dev.guildcast.fanout.shard;

import dev.guildcast.fanout.delivery.EntityText;
import dev.guildcast.fanout.event.Channel;
import dev.guildcast.fanout.event.GuildList;
import dev.guildcast.fanout.event.GuildView;
import dev.guildcast.fanout.event.JsonText;
import dev.guildcast.fanout.event.Member;
import dev.guildcast.fanout.event.Role;
import dev.guildcast.fanout.event.VoiceState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/// The JSON of `d` of events that a shard words itself, from its view.
final class Words {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'000+00:00'").withZone(ZoneOffset.UTC);

    private final GuildView view;

    Words(GuildView view) {
        this.view = view;
    }

    byte[] guild() {
        var out = new JsonText().open('{');
        EntityText.guild(out, view, channel -> true);
        for (String name : List.of("emojis", "stickers")) {
            items(out, name);
        }
        return out.close('}').toBytes();
    }

    byte[] role(Role role) {
        var out = guildId().name("role");
        EntityText.role(out, role);
        return out.close('}').toBytes();
    }

    byte[] roleGone(long role) {
        return guildId().name("role_id").id(role).close('}').toBytes();
    }

    byte[] channel(Channel channel) {
        var out = new JsonText();
        EntityText.channel(out, channel, view.id());
        return out.toBytes();
    }

    /// A private thread as shown to a user who was added to it.
    byte[] threadFor(Channel thread, long user, long nowMillis) {
        var member = new JsonText();
        threadMember(member, thread.id(), user, nowMillis);
        var out = new JsonText();
        EntityText.channel(out, thread, view.id(), member.toBytes());
        return out.toBytes();
    }

    byte[] threadMembers(Channel thread, List<Long> added, List<Long> removed, long nowMillis) {
        var out = guildId()
                .name("id")
                .id(thread.id())
                .name("member_count")
                .number(Math.min(50, thread.threadMembers().length))
                .name("added_members")
                .open('[');
        added.forEach(user -> threadMember(out, thread.id(), user, nowMillis));
        out.close(']').name("removed_member_ids").open('[');
        removed.forEach(out::id);
        return out.close(']').close('}').toBytes();
    }

    byte[] member(Member member) {
        var out = guildId();
        EntityText.memberFields(out, member, view);
        return out.close('}').toBytes();
    }

    byte[] memberGone(Member member) {
        byte[] user = member.fields().get("user");
        var out = guildId().name("user");
        if (user != null) {
            out.raw(user);
        } else {
            out.open('{')
                    .name("id")
                    .id(member.userId())
                    .name("username")
                    .string(member.username())
                    .name("discriminator")
                    .string("0")
                    .member("avatar", null)
                    .close('}');
        }
        return out.close('}').toBytes();
    }

    /// @param channelId where the receiver is to believe the user is; 0: in no channel
    byte[] voiceState(VoiceState state, long channelId) {
        var out = new JsonText();
        EntityText.voiceState(out, state, view.id(), channelId, view.member(state.userId()), view);
        return out.toBytes();
    }

    byte[] list(String name) {
        var out = guildId();
        items(out, name);
        return out.close('}').toBytes();
    }

    private void items(JsonText out, String name) {
        out.name(name).open('[');
        GuildList list = view.lists().get(name);
        if (list != null) {
            list.items().forEach(item -> out.raw(item.json()));
        }
        out.close(']');
    }

    private JsonText guildId() {
        return new JsonText().open('{').name("guild_id").id(view.id());
    }

    private static void threadMember(JsonText out, long thread, long user, long nowMillis) {
        out.open('{')
                .name("id")
                .id(thread)
                .name("user_id")
                .id(user)
                .name("join_timestamp")
                .string(TIME.format(Instant.ofEpochMilli(nowMillis)))
                .name("flags")
                .number(0)
                .close('}');
    }
}
