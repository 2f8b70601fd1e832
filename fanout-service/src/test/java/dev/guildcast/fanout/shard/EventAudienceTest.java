package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.GuildShardHarness.dispatched;
import static dev.guildcast.fanout.shard.GuildShardHarness.json;
import static dev.guildcast.fanout.shard.GuildShardHarness.parse;
import static dev.guildcast.fanout.shard.GuildShardHarness.types;
import static dev.guildcast.fanout.shard.RecordFixtures.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.Members;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.Sessions;
import dev.guildcast.event.v1.Users;
import dev.guildcast.fanout.shard.GuildShardHarness.Dispatched;
import dev.guildcast.fanout.shard.GuildShardHarness.Emitted;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which sessions an event is for, and which of its payloads each of them gets.
class EventAudienceTest extends PublishedGuild {
    @Test
    void aMessageGoesToViewersWithTheIntentAndContentToThoseWhoMayReadIt() {
        shard.subscribe(G, BOT, 7, Intents.GUILD_MESSAGES);
        subscribeWithContent(HUMAN, 8, Intents.GUILD_MESSAGES);
        shard.subscribe(G, OWNER, 9, Intents.GUILDS);
        var out = shard.event(message(G, TEXT, "hi"));
        assertThat(dispatched(out, BOT, 7)).containsExactly(new Dispatched("MESSAGE_CREATE", "{\"content\":\"\"}"));
        assertThat(dispatched(out, HUMAN, 8)).containsExactly(new Dispatched("MESSAGE_CREATE", "{\"content\":\"hi\"}"));
        assertThat(dispatched(out, OWNER, 9)).isEmpty();
    }

    @Test
    void aMentionedUserReadsTheContentWithoutTheIntent() {
        shard.subscribe(G, BOT, 7, Intents.GUILD_MESSAGES);
        var out = shard.event(message(G, TEXT, "hi", BOT));
        assertThat(dispatched(out, BOT, 7)).containsExactly(new Dispatched("MESSAGE_CREATE", "{\"content\":\"hi\"}"));
    }

    @Test
    void aMessageInAHiddenChannelReachesOnlyWhoSeesIt() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        var out = shard.event(message(G, HIDDEN, "x", BOT));
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, OWNER, 9)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void aTimedOutMemberKeepsVisibilityButNotOtherPermissions() {
        shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, VIEW | Permissions.BAN_MEMBERS)));
        shard.subscribe(G, BOT, 7, EVERYTHING);
        var timedOut = Mutation.newBuilder()
                .setMember(memberUpsert(BOT).setTimedOutUntil(shard.nowMillis + 1000))
                .build();
        assertThat(types(shard.event(event(G, "GUILD_MEMBER_UPDATE", timedOut)), BOT, 7))
                .containsExactly("GUILD_MEMBER_UPDATE");
        assertThat(types(shard.event(message(G, TEXT, "x")), BOT, 7)).containsExactly("MESSAGE_CREATE");
        assertThat(types(shard.event(ban()), BOT, 7)).isEmpty();
        shard.nowMillis += 1001;
        assertThat(types(shard.event(ban()), BOT, 7)).containsExactly("GUILD_BAN_ADD");
    }

    @Test
    void oneOfTheRequiredPermissionSetsIsEnough() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(types(shard.event(ban()), BOT, 7)).isEmpty();
        shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, VIEW | Permissions.VIEW_AUDIT_LOG)));
        assertThat(types(shard.event(ban()), BOT, 7)).containsExactly("GUILD_BAN_ADD");
    }

    @Test
    void aMemberReceivesEventsAboutItselfWithoutTheIntent() {
        shard.subscribe(G, BOT, 7, Intents.GUILDS);
        shard.subscribe(G, HUMAN, 8, Intents.GUILDS);
        var update = event(G, "GUILD_MEMBER_UPDATE", member(BOT))
                .setIntents(Intents.GUILD_MEMBERS)
                .addSelfUsers(BOT);
        var out = shard.event(update);
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_MEMBER_UPDATE");
        assertThat(types(out, HUMAN, 8)).isEmpty();
        assertThat(types(shard.event(update.setSelfIntents(Intents.GUILD_MEMBERS)), BOT, 7))
                .isEmpty();
    }

    @Test
    void excludedUsersReceiveNothing() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        var out = shard.event(message(G, TEXT, "x").addExcludedUsers(BOT));
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, HUMAN, 8)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void onlyNamedUsersAndSessionsReceiveTheEvent() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, BOT, 77, 0);
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        var users = GuildEvent.newBuilder()
                .setGuildId(G)
                .setType("X")
                .setUsers(Users.newBuilder().addIds(BOT))
                .setIntents(Intents.GUILDS)
                .setPayload(json("{}"));
        var out = shard.event(users);
        assertThat(types(out, BOT, 7)).containsExactly("X");
        assertThat(types(out, BOT, 77)).isEmpty();
        assertThat(types(out, HUMAN, 8)).isEmpty();

        int shardOfBot = GuildShardHarness.ONE.sessionShard(BOT).index();
        var sessions = GuildEvent.newBuilder()
                .setGuildId(G)
                .setType("VOICE_SERVER_UPDATE")
                .setSessions(Sessions.newBuilder()
                        .addRefs(SessionRef.newBuilder().setShard(shardOfBot).setOffset(5000)))
                .setPayload(json("{}"));
        assertThat(types(shard.event(sessions), BOT, 5000)).containsExactly("VOICE_SERVER_UPDATE");
    }

    @Test
    void voiceStatesReachViewersOfTheChannelAndTheUserItself() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        shard.record(part(G, "v", channel(210, 2, overwrite(G, true, 0, VIEW))));
        var join = event(G, "VOICE_STATE_UPDATE", voice(HUMAN, VOICE))
                .setChannelId(VOICE)
                .setIntents(Intents.GUILD_VOICE_STATES);
        assertThat(types(shard.event(join), BOT, 7)).containsExactly("VOICE_STATE_UPDATE");

        var away = event(G, "VOICE_STATE_UPDATE", voice(HUMAN, 210))
                .setChannelId(210)
                .setIntents(Intents.GUILD_VOICE_STATES);
        var out = shard.event(away);
        assertThat(parse(dispatched(out, BOT, 7).getFirst()).get("channel_id").isNull())
                .isTrue();
        assertThat(dispatched(out, BOT, 7)).hasSize(1);
        assertThat(dispatched(out, BOT, 7).getFirst().data()).doesNotContain("210");
        assertThat(types(out, OWNER, 9)).containsExactly("VOICE_STATE_UPDATE");
        assertThat(dispatched(out, HUMAN, 8).getFirst().data())
                .isEqualTo(away.getPayload().toStringUtf8());

        var leave = event(G, "VOICE_STATE_UPDATE", voice(HUMAN, 0)).setIntents(Intents.GUILD_VOICE_STATES);
        out = shard.event(leave);
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, OWNER, 9)).containsExactly("VOICE_STATE_UPDATE");
        assertThat(types(out, HUMAN, 8)).containsExactly("VOICE_STATE_UPDATE");
    }

    private GuildEvent.Builder ban() {
        return GuildEvent.newBuilder()
                .setGuildId(G)
                .setType("GUILD_BAN_ADD")
                .setMembers(Members.getDefaultInstance())
                .setIntents(Intents.GUILD_MODERATION)
                .addRequiredPermissions(Permissions.BAN_MEMBERS)
                .addRequiredPermissions(Permissions.VIEW_AUDIT_LOG)
                .setPayload(json("{}"));
    }

    private List<Emitted> subscribeWithContent(long user, long session, long intents) {
        return shard.subscribe(Subscribe.newBuilder()
                .setGuildId(G)
                .setUserId(user)
                .setSessionOffset(session)
                .setIntents(intents)
                .setContent(true));
    }
}
