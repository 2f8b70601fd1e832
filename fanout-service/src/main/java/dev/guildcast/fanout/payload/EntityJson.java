package dev.guildcast.fanout.payload;

import dev.guildcast.fanout.json.JsonWriter;
import dev.guildcast.fanout.view.Channel;
import dev.guildcast.fanout.view.Fields;
import dev.guildcast.fanout.view.GuildView;
import dev.guildcast.fanout.view.Member;
import dev.guildcast.fanout.view.Role;
import dev.guildcast.fanout.view.VoiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a guild's entities as JSON: the stored fields, and defaults for those that client libraries require.
public final class EntityJson {
    /// A field and the value written where the entity lacks it.
    private record Default(String name, byte[] json) {}

    private static final List<Default> GUILD = defaults(
            "name:\"\" icon:null splash:null discovery_splash:null description:null banner:null region:\"deprecated\" "
                    + "afk_channel_id:null afk_timeout:300 system_channel_id:null system_channel_flags:0 "
                    + "rules_channel_id:null public_updates_channel_id:null safety_alerts_channel_id:null "
                    + "application_id:null vanity_url_code:null verification_level:0 default_message_notifications:0 "
                    + "explicit_content_filter:0 mfa_level:0 nsfw_level:0 nsfw:false premium_tier:0 "
                    + "premium_subscription_count:0 premium_progress_bar_enabled:false preferred_locale:\"en-US\" "
                    + "features:[] max_members:500000 max_presences:null max_video_channel_users:25 hub_type:null");
    private static final List<Default> ROLE =
            defaults("name:\"\" color:0 colors:{\"primary_color\":0,\"secondary_color\":null,\"tertiary_color\":null} "
                    + "hoist:false icon:null unicode_emoji:null managed:false mentionable:false flags:0");
    private static final List<Default> CHANNEL =
            defaults("name:\"\" position:0 permission_overwrites:[] parent_id:null topic:null nsfw:false flags:0 "
                    + "last_message_id:null rate_limit_per_user:0");
    private static final List<Default> VOICE_CHANNEL =
            defaults("name:\"\" position:0 permission_overwrites:[] parent_id:null topic:null nsfw:false flags:0 "
                    + "last_message_id:null rate_limit_per_user:0 bitrate:64000 user_limit:0 rtc_region:null");
    private static final List<Default> THREAD =
            defaults("name:\"\" message_count:0 member_count:0 rate_limit_per_user:0 flags:0 last_message_id:null "
                    + "total_message_sent:0");
    private static final List<Default> MEMBER = defaults(
            "nick:null avatar:null banner:null joined_at:\"1970-01-01T00:00:00+00:00\" premium_since:null deaf:false "
                    + "mute:false pending:false communication_disabled_until:null flags:0");
    private static final List<Default> VOICE_STATE = defaults("deaf:false mute:false self_deaf:false self_mute:false "
            + "self_video:false suppress:false request_to_speak_timestamp:null");
    private static final Set<String> GUILD_TYPED = Set.of("id", "owner_id");
    private static final Set<String> CHANNEL_TYPED = Set.of("id", "type", "guild_id");
    private static final Set<String> ROLE_TYPED = Set.of("id", "permissions", "position");
    private static final Set<String> VOICE_TYPED = Set.of("user_id", "channel_id", "session_id", "guild_id", "member");

    private EntityJson() {}

    /// Writes a guild's own fields and roles into an open object, with all channels that the fields name.
    static void guild(JsonWriter out, GuildView view) {
        out.name("id").id(view.id()).name("owner_id").idOrNull(view.ownerId());
        view.fields().writeTo(out, GUILD_TYPED);
        writeDefaults(out, view.fields(), GUILD, GUILD_TYPED);
        out.name("roles").open('[');
        view.roles().values().forEach(role -> role(out, role));
        out.close(']');
    }

    static void role(JsonWriter out, Role role) {
        out.open('{')
                .name("id")
                .id(role.id())
                .name("permissions")
                .string(Long.toUnsignedString(role.permissions()))
                .name("position")
                .number(role.position());
        role.fields().writeTo(out, ROLE_TYPED);
        byte[] color = role.fields().get("color");
        if (color != null && !role.fields().has("colors")) {
            out.name("colors")
                    .open('{')
                    .member("primary_color", color)
                    .member("secondary_color", null)
                    .member("tertiary_color", null)
                    .close('}');
            writeDefaults(out, role.fields(), ROLE, Set.of("colors"));
        } else {
            writeDefaults(out, role.fields(), ROLE, Set.of());
        }
        out.close('}');
    }

    /// @param guildId 0 leaves the key out, as in GUILD_CREATE
    static void channel(JsonWriter out, Channel channel, long guildId) {
        channel(out, channel, guildId, null);
    }

    /// @param member the receiver's thread member object, already JSON
    static void channel(JsonWriter out, Channel channel, long guildId, byte @Nullable [] member) {
        out.open('{').name("id").id(channel.id()).name("type").number(channel.type());
        if (guildId != 0 || channel.thread()) {
            if (guildId != 0) {
                out.name("guild_id").id(guildId);
            }
        }
        channel.fields().writeTo(out, CHANNEL_TYPED);
        writeDefaults(
                out, channel.fields(), channel.thread() ? THREAD : channel.voice() ? VOICE_CHANNEL : CHANNEL, Set.of());
        if (channel.thread()) {
            thread(out, channel);
        }
        if (member != null) {
            out.name("member").raw(member);
        }
        out.close('}');
    }

    private static void thread(JsonWriter out, Channel thread) {
        if (!thread.fields().has("parent_id")) {
            out.name("parent_id").id(thread.parentId());
        }
        if (!thread.fields().has("owner_id")) {
            out.name("owner_id").id(thread.ownerId());
        }
        if (!thread.fields().has("thread_metadata")) {
            out.name("thread_metadata")
                    .raw("{\"archived\":" + thread.archived()
                            + ",\"auto_archive_duration\":1440,\"archive_timestamp\":\"1970-01-01T00:00:00+00:00\","
                            + "\"locked\":false}");
        }
    }

    public static void member(JsonWriter out, Member member, GuildView view) {
        out.open('{');
        memberFields(out, member, view);
        out.close('}');
    }

    /// Opens the user object of a member whose publisher gave none, with the keys that every client needs.
    static JsonWriter openUser(JsonWriter out, Member member) {
        return out.open('{')
                .name("id")
                .id(member.userId())
                .name("username")
                .string(member.username())
                .name("discriminator")
                .string("0")
                .member("avatar", null);
    }

    /// Writes a member's fields into an open object.
    static void memberFields(JsonWriter out, Member member, GuildView view) {
        if (!member.fields().has("user")) {
            openUser(out.name("user"), member)
                    .member("global_name", null)
                    .name("bot")
                    .bool(member.bot())
                    .close('}');
        }
        member.fields().writeTo(out, Set.of());
        writeDefaults(out, member.fields(), MEMBER, Set.of());
        out.name("roles").open('[');
        for (int i = 0; i < member.roles().size(); i++) {
            if (view.roles().containsKey(member.roles().get(i))) {
                out.id(member.roles().get(i));
            }
        }
        out.close(']');
    }

    /// @param guildId 0 leaves the key out, as in GUILD_CREATE
    /// @param channelId shown instead of the state's own; 0: the user has left
    /// @param member shown inside, if any
    static void voiceState(
            JsonWriter out, VoiceState state, long guildId, long channelId, @Nullable Member member, GuildView view) {
        out.open('{')
                .name("user_id")
                .id(state.userId())
                .name("channel_id")
                .idOrNull(channelId)
                .name("session_id")
                .string(state.sessionId());
        if (guildId != 0) {
            out.name("guild_id").id(guildId);
        }
        state.fields().writeTo(out, VOICE_TYPED);
        writeDefaults(out, state.fields(), VOICE_STATE, Set.of());
        if (member != null) {
            out.name("member");
            member(out, member, view);
        }
        out.close('}');
    }

    private static void writeDefaults(JsonWriter out, Fields fields, List<Default> defaults, Set<String> except) {
        for (Default each : defaults) {
            if (!fields.has(each.name) && !except.contains(each.name)) {
                out.name(each.name).raw(each.json);
            }
        }
    }

    private static List<Default> defaults(String text) {
        var all = new ArrayList<Default>();
        for (String each : text.split(" ")) {
            int colon = each.indexOf(':');
            all.add(new Default(each.substring(0, colon), JsonWriter.ascii(each.substring(colon + 1))));
        }
        return List.copyOf(all);
    }
}
