package dev.guildcast.fanout.shard;

import static dev.guildcast.fanout.shard.Harness.json;
import static dev.guildcast.fanout.shard.Harness.told;
import static dev.guildcast.fanout.shard.Harness.types;
import static dev.guildcast.fanout.shard.Records.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.audience.v1.Subscribe;
import dev.guildcast.audience.v1.SubscribeReason;
import dev.guildcast.contract.Intents;
import dev.guildcast.contract.Permissions;
import dev.guildcast.contract.Topology;
import dev.guildcast.event.v1.GuildEvent;
import dev.guildcast.event.v1.GuildGone;
import dev.guildcast.event.v1.Mutation;
import dev.guildcast.event.v1.Publication;
import dev.guildcast.event.v1.SessionRef;
import dev.guildcast.event.v1.Sessions;
import dev.guildcast.event.v1.Users;
import dev.guildcast.fanout.shard.Harness.Emitted;
import dev.guildcast.fanout.shard.Harness.Told;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GuildShardTest {
    static final long G = 100;
    static final long OWNER = 1;
    static final long BOT = 2;
    static final long HUMAN = 3;
    static final long STAFF = 50;
    static final long TEXT = 200;
    static final long HIDDEN = 201;
    static final long VOICE = 202;
    static final long VIEW = Permissions.VIEW_CHANNEL;
    static final long EVERYTHING = Intents.KNOWN;
    static final JsonMapper MAPPER = JsonMapper.builder().build();

    final Harness shard = new Harness();

    @BeforeEach
    void publishGuild() {
        shard.record(part(
                G,
                "v1",
                guild(OWNER, "G"),
                role(G, VIEW),
                role(STAFF, VIEW | Permissions.MANAGE_THREADS),
                channel(TEXT, 0),
                channel(HIDDEN, 0, overwrite(G, true, 0, VIEW), overwrite(STAFF, true, VIEW, 0)),
                channel(VOICE, 2),
                member(OWNER),
                member(BOT),
                member(HUMAN)));
        shard.record(end(G, "v1"));
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void aNewGuildTellsTheSessionShardsOfItsMembers() {
        var joined = shard.emitted.stream()
                .filter(each -> each.record().hasMemberJoined())
                .flatMap(each -> each.record().getMemberJoined().getUsersList().stream())
                .toList();
        assertThat(joined).containsExactlyInAnyOrder(OWNER, BOT, HUMAN);
        assertThat(shard.emitted)
                .allSatisfy(each -> assertThat(each.record().hasMemberJoined()).isTrue());
    }

    @Test
    void subscribingShowsTheGuildWithoutHiddenChannels() {
        var told = told(shard.subscribe(G, BOT, 7, EVERYTHING), BOT, 7);
        assertThat(told).hasSize(1);
        JsonNode guild = parse(told.getFirst());
        assertThat(told.getFirst().type()).isEqualTo("GUILD_CREATE");
        assertThat(ids(guild, "channels")).containsExactly("200", "202");
        assertThat(guild.get("unavailable").asBoolean()).isFalse();
        assertThat(guild.get("member_count").asInt()).isEqualTo(3);
        assertThat(told.getFirst().data()).doesNotContain("201");
    }

    @Test
    void theKeyUnavailableIsAbsentForWhoHasJustJoined() {
        var told = told(
                shard.subscribe(Subscribe.newBuilder()
                        .setGuildId(G)
                        .setUserId(BOT)
                        .setSessionOffset(7)
                        .setIntents(1)
                        .setReason(SubscribeReason.JOIN)),
                BOT,
                7);
        assertThat(parse(told.getFirst()).has("unavailable")).isFalse();
    }

    @Test
    void aSecondSubscribeOfASessionChangesNothing() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(shard.subscribe(G, BOT, 7, EVERYTHING)).isEmpty();
    }

    @Test
    void aSubscribeOfANonMemberOrForAnUnknownGuildIsDropped() {
        assertThat(shard.subscribe(G, 99, 7, EVERYTHING)).isEmpty();
        assertThat(shard.subscribe(55, BOT, 7, EVERYTHING)).isEmpty();
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void withoutTheGuildsIntentThereIsNoGuildCreateButEventsFollow() {
        assertThat(shard.subscribe(G, BOT, 7, Intents.GUILD_MESSAGES)).isEmpty();
        assertThat(types(shard.event(message(G, TEXT, "hi")), BOT, 7)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void aMessageGoesToViewersWithTheIntentAndContentToThoseWhoMayReadIt() {
        shard.subscribe(G, BOT, 7, Intents.GUILD_MESSAGES);
        subscribeWithContent(HUMAN, 8, Intents.GUILD_MESSAGES);
        shard.subscribe(G, OWNER, 9, Intents.GUILDS);
        var out = shard.event(message(G, TEXT, "hi"));
        assertThat(told(out, BOT, 7)).containsExactly(new Told("MESSAGE_CREATE", "{\"content\":\"\"}"));
        assertThat(told(out, HUMAN, 8)).containsExactly(new Told("MESSAGE_CREATE", "{\"content\":\"hi\"}"));
        assertThat(told(out, OWNER, 9)).isEmpty();
    }

    @Test
    void whoIsMentionedReadsTheContentWithoutTheIntent() {
        shard.subscribe(G, BOT, 7, Intents.GUILD_MESSAGES);
        var out = shard.event(message(G, TEXT, "hi", BOT));
        assertThat(told(out, BOT, 7)).containsExactly(new Told("MESSAGE_CREATE", "{\"content\":\"hi\"}"));
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
    void anEventOfAnUnknownChannelIsRefused() {
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        assertThat(shard.event(message(G, 999, "x"))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown channel 999");
    }

    @Test
    void anEventOfAnUnknownGuildIsRefused() {
        assertThat(shard.event(message(77, TEXT, "x"))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown guild 77");
    }

    @Test
    void aGuildOfAnotherShardIsRefused() {
        var two = new Harness(new Topology(2, 0, 1, 4), 8 << 20);
        two.record(part(1L << 22, "v", guild(1, "odd")));
        assertThat(two.deadLetters).hasSize(1);
        assertThat(two.deadLetters.getFirst()).contains("is not of guild-0");
    }

    @Test
    void aPartialUpsertOfWhatIsUnknownIsRefusedAndChangesNothing() {
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        shard.checkpoint();
        var unknown = Mutation.newBuilder()
                .setMember(memberUpsert(99).setPartial(true))
                .build();
        assertThat(shard.event(event(G, "GUILD_MEMBER_UPDATE", unknown))).isEmpty();
        assertThat(shard.deadLetters).containsExactly("unknown member 99");
        assertThat(shard.machine.drainTouched()).isEmpty();
    }

    @Test
    void hidingAChannelTellsChannelDeleteAndShowingItChannelCreate() {
        // V19
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.record(part(G, "threads", thread(300, 11, TEXT, OWNER)));
        var hide = event(G, "CHANNEL_UPDATE", channel(TEXT, 0, overwrite(BOT, false, 0, VIEW)))
                .setChannelId(TEXT);
        assertThat(types(shard.event(hide), BOT, 7)).containsExactly("CHANNEL_DELETE");
        assertThat(types(shard.event(message(G, TEXT, "x", BOT)), BOT, 7)).isEmpty();
        assertThat(types(shard.event(message(G, 300, "x", BOT)), BOT, 7)).isEmpty();
        shard.subscribe(G, BOT, 70, EVERYTHING);
        assertThat(ids(parse(told(shard.emitted, BOT, 70).getLast()), "channels"))
                .containsExactly("202");

        var show = event(G, "CHANNEL_UPDATE", channel(TEXT, 0)).setChannelId(TEXT);
        assertThat(types(shard.event(show), BOT, 7)).containsExactly("CHANNEL_CREATE", "THREAD_LIST_SYNC");
        assertThat(types(shard.event(message(G, TEXT, "x")), BOT, 7)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void thoseWhoKeepAChannelAreToldOfItsUpdate() {
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        var hide = event(G, "CHANNEL_UPDATE", channel(TEXT, 0, overwrite(BOT, false, 0, VIEW)))
                .setChannelId(TEXT);
        assertThat(types(shard.event(hide), HUMAN, 8)).containsExactly("CHANNEL_UPDATE");
    }

    @Test
    void aRoleGivenOrTakenRevealsOrHidesItsChannels() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(types(shard.event(event(G, "GUILD_MEMBER_UPDATE", member(BOT, STAFF))), BOT, 7))
                .containsExactly("GUILD_MEMBER_UPDATE", "CHANNEL_CREATE");
        assertThat(types(shard.event(message(G, HIDDEN, "x")), BOT, 7)).containsExactly("MESSAGE_CREATE");
        assertThat(types(shard.event(event(G, "GUILD_ROLE_DELETE", roleGone(STAFF))), BOT, 7))
                .containsExactly("GUILD_ROLE_DELETE", "CHANNEL_DELETE");
        assertThat(types(shard.event(message(G, HIDDEN, "x")), BOT, 7)).isEmpty();
    }

    @Test
    void aRolesPermissionsRevealAndHide() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(types(shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, 0))), BOT, 7))
                .containsExactly("GUILD_ROLE_UPDATE", "CHANNEL_DELETE", "CHANNEL_DELETE");
        assertThat(types(shard.event(event(G, "GUILD_ROLE_UPDATE", role(G, Permissions.ADMINISTRATOR))), BOT, 7))
                .containsExactly("GUILD_ROLE_UPDATE", "CHANNEL_CREATE", "CHANNEL_CREATE", "CHANNEL_CREATE");
    }

    @Test
    void aNewOwnerSeesAllAndTheOldOneWhatItsRolesShow() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        var out = shard.event(event(G, "GUILD_UPDATE", guild(BOT, "G")));
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_UPDATE", "CHANNEL_CREATE");
        assertThat(types(out, OWNER, 9)).containsExactly("GUILD_UPDATE", "CHANNEL_DELETE");
    }

    @Test
    void aTimedOutMemberKeepsSightButNotOtherPermissions() {
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
    void aMemberIsToldOfItselfWithoutTheIntent() {
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
    void excludedUsersAreNeverTold() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        var out = shard.event(message(G, TEXT, "x").addExcludedUsers(BOT));
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, HUMAN, 8)).containsExactly("MESSAGE_CREATE");
    }

    @Test
    void namedUsersAndSessionsAreToldAlone() {
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

        int shardOfBot = Harness.ONE.sessionShard(BOT).index();
        var sessions = GuildEvent.newBuilder()
                .setGuildId(G)
                .setType("VOICE_SERVER_UPDATE")
                .setSessions(Sessions.newBuilder()
                        .addRefs(SessionRef.newBuilder().setShard(shardOfBot).setOffset(5000)))
                .setPayload(json("{}"));
        assertThat(types(shard.event(sessions), BOT, 5000)).containsExactly("VOICE_SERVER_UPDATE");
    }

    @Test
    void joiningAndLeavingAlwaysTellsTheUsersSessionShard() {
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        var joined = shard.event(event(G, "GUILD_MEMBER_ADD", member(60)).setIntents(Intents.GUILD_MEMBERS));
        assertThat(joined).anySatisfy(each -> {
            assertThat(each.target()).isEqualTo(Harness.ONE.sessionShard(60));
            assertThat(each.record().getMemberJoined().getUsersList()).containsExactly(60L);
        });
        assertThat(types(joined, HUMAN, 8)).containsExactly("GUILD_MEMBER_ADD");
        shard.subscribe(G, 60, 600, EVERYTHING);

        var left = shard.event(event(G, "GUILD_MEMBER_REMOVE", memberGone(60)).setIntents(Intents.GUILD_MEMBERS));
        assertThat(left)
                .anySatisfy(each ->
                        assertThat(each.record().getMemberLeft().getUsersList()).containsExactly(60L));
        assertThat(types(left, HUMAN, 8)).containsExactly("GUILD_MEMBER_REMOVE");
        assertThat(types(left, 60, 600)).isEmpty();
        assertThat(types(shard.event(message(G, TEXT, "x")), 60, 600)).isEmpty();
        assertThat(shard.event(event(G, "GUILD_MEMBER_REMOVE", memberGone(60)))).isEmpty();
    }

    @Test
    void anAddOfAMemberWhoIsThereIsAnUpdateOrNothing() {
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        assertThat(shard.event(event(G, "GUILD_MEMBER_ADD", member(BOT)))).isEmpty();
        assertThat(types(shard.event(event(G, "GUILD_MEMBER_ADD", member(BOT, STAFF))), HUMAN, 8))
                .containsExactly("GUILD_MEMBER_UPDATE");
    }

    @Test
    void anOutageHidesTheGuildUntilItEnds() {
        // V13
        shard.subscribe(G, BOT, 7, EVERYTHING);
        var out = shard.event(event(G, "GUILD_DELETE", outage(true)));
        assertThat(told(out, BOT, 7))
                .containsExactly(new Told("GUILD_DELETE", "{\"id\":\"100\",\"unavailable\":true}"));
        assertThat(shard.event(message(G, TEXT, "x"))).isEmpty();
        assertThat(types(shard.subscribe(G, HUMAN, 8, EVERYTHING), HUMAN, 8)).containsExactly("GUILD_DELETE");
        var end = shard.event(event(G, "GUILD_CREATE", outage(false)));
        assertThat(types(end, BOT, 7)).containsExactly("GUILD_CREATE");
        assertThat(parse(told(end, HUMAN, 8).getFirst()).get("unavailable").asBoolean())
                .isFalse();
        assertThat(shard.event(event(G, "GUILD_CREATE", outage(false)))).isEmpty();
    }

    @Test
    void aGuildMayBeginInOutage() {
        shard.event(event(500, "GUILD_DELETE", outage(true)));
        shard.record(part(500, "v", guild(OWNER, "late"), role(500, VIEW), member(BOT)));
        assertThat(types(shard.subscribe(500, BOT, 7, EVERYTHING), BOT, 7)).containsExactly("GUILD_DELETE");
        assertThat(types(shard.record(part(500, "v", outage(false))), BOT, 7)).containsExactly("GUILD_CREATE");
        assertThat(shard.deadLetters).isEmpty();
    }

    @Test
    void aGuildThatIsGoneIsLeftByAll() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        var gone = shard.event(event(
                G,
                "GUILD_DELETE",
                Mutation.newBuilder()
                        .setGuildGone(GuildGone.getDefaultInstance())
                        .build()));
        var left = gone.stream()
                .flatMap(each -> each.record().getMemberLeft().getUsersList().stream())
                .toList();
        assertThat(left).containsExactlyInAnyOrder(OWNER, BOT, HUMAN);
        assertThat(types(gone, BOT, 7)).isEmpty();
        shard.event(message(G, TEXT, "x"));
        assertThat(shard.deadLetters).containsExactly("unknown guild 100");
        shard.checkpoint();
        assertThat(shard.checkpoint).isEmpty();
    }

    @Test
    void aPublishersRepeatIsDroppedALateFirstAcceptedAndAnOldOneDeadLettered() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        assertThat(shard.event(marked(5, 0))).isNotEmpty();
        assertThat(shard.event(marked(5, 0))).isEmpty();
        assertThat(shard.event(marked(5, 1))).isNotEmpty();
        assertThat(shard.event(marked(4, 0))).isNotEmpty();
        assertThat(shard.event(marked(4, 0))).isEmpty();
        assertThat(shard.event(marked(2000, 0))).isNotEmpty();
        assertThat(shard.event(marked(900, 0))).isEmpty();
        assertThat(shard.deadLetters).hasSize(1);
        assertThat(shard.event(marked(977, 0))).isNotEmpty();
    }

    @Test
    void aRefusedRecordStillMarksItsPublication() {
        shard.event(message(G, 999, "x").setPublication(publication(1, 0)));
        shard.event(message(G, 999, "x").setPublication(publication(1, 0)));
        assertThat(shard.deadLetters).hasSize(1);
    }

    @Test
    void voiceStatesAreToldToWhoSeesTheChannelAndTheUserItself() {
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
        assertThat(parse(told(out, BOT, 7).getFirst()).get("channel_id").isNull())
                .isTrue();
        assertThat(told(out, BOT, 7)).hasSize(1);
        assertThat(told(out, BOT, 7).getFirst().data()).doesNotContain("210");
        assertThat(types(out, OWNER, 9)).containsExactly("VOICE_STATE_UPDATE");
        assertThat(told(out, HUMAN, 8).getFirst().data())
                .isEqualTo(away.getPayload().toStringUtf8());

        var leave = event(G, "VOICE_STATE_UPDATE", voice(HUMAN, 0)).setIntents(Intents.GUILD_VOICE_STATES);
        out = shard.event(leave);
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, OWNER, 9)).containsExactly("VOICE_STATE_UPDATE");
        assertThat(types(out, HUMAN, 8)).containsExactly("VOICE_STATE_UPDATE");
    }

    @Test
    void privateThreadsAreSeenByMembersAndThoseWhoManageThreads() {
        shard.event(event(G, "GUILD_MEMBER_UPDATE", member(OWNER)));
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.subscribe(G, HUMAN, 8, EVERYTHING);
        shard.subscribe(G, OWNER, 9, EVERYTHING);
        var create = event(G, "THREAD_CREATE", thread(300, 12, TEXT, HUMAN)).setChannelId(300);
        var out = shard.event(create);
        assertThat(types(out, BOT, 7)).isEmpty();
        assertThat(types(out, HUMAN, 8)).containsExactly("THREAD_CREATE");
        assertThat(types(out, OWNER, 9)).containsExactly("THREAD_CREATE");

        var add = event(G, "THREAD_MEMBERS_UPDATE", threadMembers(300, List.of(BOT), List.of()))
                .setChannelId(300)
                .setIntents(Intents.GUILD_MEMBERS)
                .addSelfUsers(BOT)
                .setSelfIntents(Intents.GUILDS);
        out = shard.event(add);
        assertThat(types(out, BOT, 7)).containsExactly("THREAD_CREATE", "THREAD_MEMBERS_UPDATE");
        assertThat(parse(told(out, BOT, 7).getFirst())
                        .get("member")
                        .get("user_id")
                        .asString())
                .isEqualTo("2");
        assertThat(types(shard.event(message(G, 300, "x")), BOT, 7)).containsExactly("MESSAGE_CREATE");
        assertThat(ids(
                        parse(told(shard.subscribe(G, BOT, 70, EVERYTHING), BOT, 70)
                                .getFirst()),
                        "threads"))
                .containsExactly("300");

        var remove = event(G, "THREAD_MEMBERS_UPDATE", threadMembers(300, List.of(), List.of(BOT)))
                .setChannelId(300)
                .setIntents(Intents.GUILD_MEMBERS);
        assertThat(types(shard.event(remove), BOT, 7)).containsExactly("THREAD_MEMBERS_UPDATE");
        assertThat(types(shard.event(message(G, 300, "x")), BOT, 7)).isEmpty();

        out = shard.event(event(G, "GUILD_MEMBER_UPDATE", member(BOT, STAFF)));
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_MEMBER_UPDATE", "CHANNEL_CREATE", "THREAD_LIST_SYNC");
        out = shard.event(event(G, "GUILD_ROLE_UPDATE", role(STAFF, VIEW)));
        assertThat(types(out, BOT, 7)).containsExactly("GUILD_ROLE_UPDATE", "THREAD_DELETE");
    }

    @Test
    void aDeletedChannelIsToldOnceAndTakesItsThreadsAlong() {
        shard.subscribe(G, BOT, 7, EVERYTHING);
        shard.record(part(G, "t", thread(300, 11, TEXT, OWNER)));
        var out = shard.event(event(G, "CHANNEL_DELETE", channelGone(TEXT)).setChannelId(TEXT));
        assertThat(types(out, BOT, 7)).containsExactly("CHANNEL_DELETE");
        shard.event(message(G, 300, "x"));
        assertThat(shard.deadLetters).containsExactly("unknown channel 300");
    }

    private GuildEvent.Builder ban() {
        return GuildEvent.newBuilder()
                .setGuildId(G)
                .setType("GUILD_BAN_ADD")
                .setMembers(dev.guildcast.event.v1.Members.getDefaultInstance())
                .setIntents(Intents.GUILD_MODERATION)
                .addRequiredPermissions(Permissions.BAN_MEMBERS)
                .addRequiredPermissions(Permissions.VIEW_AUDIT_LOG)
                .setPayload(json("{}"));
    }

    private GuildEvent.Builder marked(long sequence, int part) {
        return message(G, TEXT, "m").setPublication(publication(sequence, part));
    }

    private static Publication publication(long sequence, int part) {
        return Publication.newBuilder()
                .setPublisher("chat")
                .setSequence(sequence)
                .setPart(part)
                .build();
    }

    private List<Emitted> subscribeWithContent(long user, long session, long intents) {
        return shard.subscribe(Subscribe.newBuilder()
                .setGuildId(G)
                .setUserId(user)
                .setSessionOffset(session)
                .setIntents(intents)
                .setContent(true));
    }

    static JsonNode parse(Told told) {
        return MAPPER.readTree(told.data());
    }

    static List<String> ids(JsonNode guild, String array) {
        return guild.get(array)
                .valueStream()
                .map(each -> each.get("id").asString())
                .toList();
    }
}
