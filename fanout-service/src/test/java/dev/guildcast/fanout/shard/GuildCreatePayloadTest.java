package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.ids;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.event.v1.Mutation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GuildCreatePayloadTest {
    private static final long G = 100;
    private static final long BOT = 2;
    private static final long PRESENCES = Intents.GUILDS | Intents.GUILD_PRESENCES;

    private final GuildShardHarness shard = new GuildShardHarness();

    @Test
    void holdsEveryKeyThatLibrariesCannotDoWithout() {
        publish(3);
        shard.record(part(G, "v", thread(300, 11, 200, 1), voice(1, 202)));
        JsonNode guild = seen(BOT, PRESENCES, 50);
        assertThat(guild.propertyNames())
                .contains(
                        "id",
                        "name",
                        "icon",
                        "splash",
                        "banner",
                        "description",
                        "owner_id",
                        "afk_channel_id",
                        "afk_timeout",
                        "system_channel_id",
                        "system_channel_flags",
                        "rules_channel_id",
                        "public_updates_channel_id",
                        "application_id",
                        "vanity_url_code",
                        "verification_level",
                        "default_message_notifications",
                        "explicit_content_filter",
                        "mfa_level",
                        "nsfw_level",
                        "premium_tier",
                        "premium_progress_bar_enabled",
                        "preferred_locale",
                        "features",
                        "joined_at",
                        "large",
                        "unavailable",
                        "member_count",
                        "voice_states",
                        "members",
                        "channels",
                        "threads",
                        "presences",
                        "stage_instances",
                        "guild_scheduled_events",
                        "soundboard_sounds",
                        "roles",
                        "emojis",
                        "stickers");
        assertThat(guild.get("roles").get(0).propertyNames())
                .contains(
                        "id",
                        "name",
                        "color",
                        "colors",
                        "hoist",
                        "position",
                        "permissions",
                        "managed",
                        "mentionable",
                        "flags");
        assertThat(guild.get("members").get(0).propertyNames())
                .contains("user", "roles", "joined_at", "deaf", "mute", "flags", "nick");
        assertThat(guild.get("channels").get(1).propertyNames())
                .contains("id", "type", "name", "position", "permission_overwrites", "topic", "bitrate", "user_limit");
        assertThat(guild.get("threads").get(0).propertyNames())
                .contains("parent_id", "owner_id", "message_count", "member_count", "thread_metadata");
        assertThat(guild.get("voice_states").get(0).propertyNames())
                .contains("channel_id", "user_id", "session_id", "deaf", "mute", "self_deaf", "self_mute")
                .doesNotContain("guild_id", "member");
        assertThat(ids(guild, "roles")).contains("100");
    }

    @Test
    void withoutThePresencesIntentListsTheReceiverAndThoseInVoice() {
        publish(30);
        shard.record(part(G, "v", voice(9, 202)));
        online(9, 10);
        JsonNode guild = seen(BOT, Intents.GUILDS, 50);
        assertThat(users(guild)).containsExactly("2", "9");
        assertThat(guild.get("presences")).isEmpty();
        assertThat(guild.get("member_count").asInt()).isEqualTo(30);
    }

    @Test
    void aSmallGuildListsAllMembersAndWhoIsNotOffline() {
        publish(30);
        online(9, 10);
        JsonNode guild = seen(BOT, PRESENCES, 50);
        assertThat(users(guild)).hasSize(30).startsWith("2");
        assertThat(guild.get("large").asBoolean()).isFalse();
        assertThat(guild.get("presences")
                        .valueStream()
                        .map(each -> each.get("user").get("id").asString()))
                .containsExactly("9", "10");
    }

    @Test
    void aLargeGuildListsWhoIsOnlineHasARoleOrNickOrIsInVoice() {
        publish(80);
        shard.record(part(
                G,
                "v",
                voice(70, 202),
                member(20, 50L),
                Mutation.newBuilder()
                        .setMember(memberUpsert(21).setNick("nick"))
                        .build()));
        online(9);
        JsonNode guild = seen(BOT, PRESENCES, 50);
        assertThat(guild.get("large").asBoolean()).isTrue();
        assertThat(users(guild)).containsExactly("2", "70", "9", "20", "21");
        assertThat(guild.get("presences")).hasSize(1);
    }

    @Test
    void neverMoreThanAThousandMembersWithTheReceiverAmongThem() {
        publish(1500);
        for (long user = 1; user <= 1500; user++) {
            online(user);
        }
        JsonNode guild = seen(1400, PRESENCES, 50);
        assertThat(users(guild)).hasSize(1000).startsWith("1400").doesNotHaveDuplicates();
        assertThat(guild.get("presences")).hasSize(1000);
        assertThat(guild.get("member_count").asInt()).isEqualTo(1500);
    }

    @Test
    void whatIsKeptForAClassFollowsTheView() {
        publish(3);
        seen(BOT, Intents.GUILDS, 50);
        shard.event(event(G, "CHANNEL_CREATE", channel(210, 0)).setChannelId(210));
        assertThat(ids(seen(1, Intents.GUILDS, 50), "channels")).containsExactly("200", "202", "210");
        shard.event(event(G, "CHANNEL_UPDATE", channel(210, 0, overwrite(G, true, 0, Permissions.VIEW_CHANNEL)))
                .setChannelId(210));
        assertThat(ids(seen(3, Intents.GUILDS, 50), "channels")).containsExactly("200", "202");
    }

    @Test
    void referencesToHiddenChannelsAreNull() {
        publish(3);
        var guild = Mutation.newBuilder()
                .setGuild(dev.guildcast.event.v1.GuildUpsert.newBuilder()
                        .setPartial(true)
                        .addFields(field("system_channel_id", "'210'"))
                        .addFields(field("rules_channel_id", "'200'")))
                .build();
        shard.record(part(G, "v", channel(210, 0, overwrite(G, true, 0, Permissions.VIEW_CHANNEL)), guild));
        JsonNode shown = seen(BOT, Intents.GUILDS, 50);
        assertThat(shown.get("system_channel_id").isNull()).isTrue();
        assertThat(shown.get("rules_channel_id").asString()).isEqualTo("200");
    }

    private void publish(int members) {
        var mutations = new ArrayList<>(List.of(
                RecordFixtures.guild(1, "G"),
                role(G, Permissions.VIEW_CHANNEL),
                role(50, 0),
                channel(200, 0),
                channel(202, 2)));
        for (long user = 1; user <= members; user++) {
            mutations.add(member(user));
        }
        shard.record(part(G, "first", mutations.toArray(Mutation[]::new)));
    }

    private void online(long... users) {
        for (long user : users) {
            shard.ephemeral(
                    RecordFixtures.presence(
                            G,
                            user,
                            "'guild_id':'100','status':'idle','activities':[{'name':'chess','type':0}],"
                                    + "'client_status':{'web':'idle'}"),
                    shard.nowMillis);
        }
    }

    private JsonNode seen(long user, long intents, int threshold) {
        long session = 1000 + shard.offset;
        return parse(dispatched(
                        shard.subscribe(Subscribe.newBuilder()
                                .setGuildId(G)
                                .setUserId(user)
                                .setSessionOffset(session)
                                .setIntents(intents)
                                .setLargeThreshold(threshold)),
                        user,
                        session)
                .getFirst());
    }

    private static List<String> users(JsonNode guild) {
        return guild.get("members")
                .valueStream()
                .map(each -> each.get("user").get("id").asString())
                .toList();
    }
}
