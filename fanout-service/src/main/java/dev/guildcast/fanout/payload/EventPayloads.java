package dev.guildcast.fanout.payload;

import dev.guildcast.fanout.json.JsonWriter;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.GuildList;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.Role;
import dev.guildcast.fanout.view.VoiceState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// Builds the JSON of `d` of the events that a shard derives from its view.
public final class EventPayloads {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'000+00:00'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /// Discord counts the members of a thread up to this number.
    private static final int THREAD_MEMBER_COUNT_MAX = 50;

    private final GuildView view;

    public EventPayloads(GuildView view) {
        this.view = view;
    }

    public byte[] guild() {
        var out = new JsonWriter().open('{');
        EntityJson.guild(out, view);
        for (String name : List.of("emojis", "stickers")) {
            writeItems(out, name);
        }
        return out.close('}').toBytes();
    }

    public byte[] role(Role role) {
        var out = openWithGuildId().name("role");
        EntityJson.role(out, role);
        return out.close('}').toBytes();
    }

    public byte[] roleGone(long role) {
        return openWithGuildId().name("role_id").id(role).close('}').toBytes();
    }

    public byte[] channel(Channel channel) {
        var out = new JsonWriter();
        EntityJson.channel(out, channel, view.id());
        return out.toBytes();
    }

    public byte[] threadGone(Channel thread) {
        return new JsonWriter()
                .open('{')
                .name("id")
                .id(thread.id())
                .name("guild_id")
                .id(view.id())
                .name("parent_id")
                .id(thread.parentId())
                .name("type")
                .number(thread.type())
                .close('}')
                .toBytes();
    }

    /// @param threads those of the channel that the recipients see
    public byte[] threadListSync(long channel, List<Channel> threads) {
        var out = openWithGuildId()
                .name("channel_ids")
                .open('[')
                .id(channel)
                .close(']')
                .name("threads")
                .open('[');
        threads.forEach(thread -> EntityJson.channel(out, thread, view.id()));
        return out.close(']').name("members").open('[').close(']').close('}').toBytes();
    }

    /// A private thread as shown to a user who was added to it.
    public byte[] threadForNewMember(Channel thread, long user, long nowMillis) {
        var member = new JsonWriter();
        threadMember(member, thread.id(), user, nowMillis);
        var out = new JsonWriter();
        EntityJson.channel(out, thread, view.id(), member.toBytes());
        return out.toBytes();
    }

    public byte[] threadMembers(Channel thread, List<Long> added, List<Long> removed, long nowMillis) {
        var out = openWithGuildId()
                .name("id")
                .id(thread.id())
                .name("member_count")
                .number(Math.min(THREAD_MEMBER_COUNT_MAX, thread.threadMembers().length))
                .name("added_members")
                .open('[');
        added.forEach(user -> threadMember(out, thread.id(), user, nowMillis));
        out.close(']').name("removed_member_ids").open('[');
        removed.forEach(out::id);
        return out.close(']').close('}').toBytes();
    }

    public byte[] member(Member member) {
        var out = openWithGuildId();
        EntityJson.memberFields(out, member, view);
        return out.close('}').toBytes();
    }

    public byte[] memberGone(Member member) {
        byte[] user = member.fields().get("user");
        var out = openWithGuildId().name("user");
        if (user != null) {
            out.raw(user);
        } else {
            EntityJson.openUser(out, member).close('}');
        }
        return out.close('}').toBytes();
    }

    /// @param channelId the channel that recipients are shown; 0: none
    public byte[] voiceState(VoiceState state, long channelId) {
        var out = new JsonWriter();
        EntityJson.voiceState(out, state, view.id(), channelId, view.member(state.userId()), view);
        return out.toBytes();
    }

    public byte[] list(String name) {
        var out = openWithGuildId();
        writeItems(out, name);
        return out.close('}').toBytes();
    }

    private void writeItems(JsonWriter out, String name) {
        out.name(name).open('[');
        GuildList list = view.lists().get(name);
        if (list != null) {
            list.items().forEach(item -> out.raw(item.json()));
        }
        out.close(']');
    }

    private JsonWriter openWithGuildId() {
        return new JsonWriter().open('{').name("guild_id").id(view.id());
    }

    private static void threadMember(JsonWriter out, long thread, long user, long nowMillis) {
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
