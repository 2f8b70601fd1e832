package dev.guildcast.contract.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.contract.Intents;
import dev.guildcast.contract.catalogue.EventRule.AudienceKind;
import dev.guildcast.contract.catalogue.EventRule.Route;
import dev.guildcast.event.v1.Priority;
import dev.guildcast.shard.v1.Lane;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the table against the protocol's own lists, written down here a second time and in another order.
class EventTableTest {
    /// Per intent of a guild, the events that need it.
    private static final Map<Long, String> BY_INTENT = Map.ofEntries(
            Map.entry(
                    Intents.GUILDS,
                    "GUILD_CREATE GUILD_UPDATE GUILD_DELETE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE GUILD_ROLE_DELETE"
                            + " CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE CHANNEL_PINS_UPDATE THREAD_CREATE"
                            + " THREAD_UPDATE THREAD_DELETE THREAD_LIST_SYNC THREAD_MEMBER_UPDATE"
                            + " STAGE_INSTANCE_CREATE STAGE_INSTANCE_UPDATE STAGE_INSTANCE_DELETE"
                            + " VOICE_CHANNEL_STATUS_UPDATE VOICE_CHANNEL_START_TIME_UPDATE"),
            Map.entry(
                    Intents.GUILD_MEMBERS,
                    "GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE GUILD_MEMBER_REMOVE THREAD_MEMBERS_UPDATE"),
            Map.entry(Intents.GUILD_MODERATION, "GUILD_AUDIT_LOG_ENTRY_CREATE GUILD_BAN_ADD GUILD_BAN_REMOVE"),
            Map.entry(
                    Intents.GUILD_EXPRESSIONS,
                    "GUILD_EMOJIS_UPDATE GUILD_STICKERS_UPDATE GUILD_SOUNDBOARD_SOUND_CREATE"
                            + " GUILD_SOUNDBOARD_SOUND_UPDATE GUILD_SOUNDBOARD_SOUND_DELETE"
                            + " GUILD_SOUNDBOARD_SOUNDS_UPDATE"),
            Map.entry(
                    Intents.GUILD_INTEGRATIONS,
                    "GUILD_INTEGRATIONS_UPDATE INTEGRATION_CREATE INTEGRATION_UPDATE INTEGRATION_DELETE"),
            Map.entry(Intents.GUILD_WEBHOOKS, "WEBHOOKS_UPDATE"),
            Map.entry(Intents.GUILD_INVITES, "INVITE_CREATE INVITE_DELETE"),
            Map.entry(Intents.GUILD_VOICE_STATES, "VOICE_STATE_UPDATE VOICE_CHANNEL_EFFECT_SEND"),
            Map.entry(Intents.GUILD_PRESENCES, "PRESENCE_UPDATE"),
            Map.entry(Intents.GUILD_MESSAGES, "MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE MESSAGE_DELETE_BULK"),
            Map.entry(
                    Intents.GUILD_MESSAGE_REACTIONS,
                    "MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL"
                            + " MESSAGE_REACTION_REMOVE_EMOJI"),
            Map.entry(Intents.GUILD_MESSAGE_TYPING, "TYPING_START"),
            Map.entry(
                    Intents.GUILD_SCHEDULED_EVENTS,
                    "GUILD_SCHEDULED_EVENT_CREATE GUILD_SCHEDULED_EVENT_UPDATE GUILD_SCHEDULED_EVENT_DELETE"
                            + " GUILD_SCHEDULED_EVENT_USER_ADD GUILD_SCHEDULED_EVENT_USER_REMOVE"),
            Map.entry(
                    Intents.AUTO_MODERATION_CONFIGURATION,
                    "AUTO_MODERATION_RULE_CREATE AUTO_MODERATION_RULE_UPDATE AUTO_MODERATION_RULE_DELETE"),
            Map.entry(Intents.AUTO_MODERATION_EXECUTION, "AUTO_MODERATION_ACTION_EXECUTION"),
            Map.entry(Intents.GUILD_MESSAGE_POLLS, "MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE"));

    private static final String NO_INTENT = "USER_UPDATE INTERACTION_CREATE VOICE_SERVER_UPDATE ENTITLEMENT_CREATE"
            + " ENTITLEMENT_UPDATE ENTITLEMENT_DELETE SUBSCRIPTION_CREATE SUBSCRIPTION_UPDATE SUBSCRIPTION_DELETE"
            + " APPLICATION_COMMAND_PERMISSIONS_UPDATE";

    private static final String GATEWAY_ONLY =
            "READY RESUMED RATE_LIMITED GUILD_MEMBERS_CHUNK SOUNDBOARD_SOUNDS CHANNEL_INFO";

    /// Per intent of direct messages.
    private static final Map<Long, String> BY_DIRECT_INTENT = Map.of(
            Intents.DIRECT_MESSAGES,
            "MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE MESSAGE_DELETE_BULK CHANNEL_PINS_UPDATE",
            Intents.DIRECT_MESSAGE_REACTIONS,
            "MESSAGE_REACTION_ADD MESSAGE_REACTION_REMOVE MESSAGE_REACTION_REMOVE_ALL MESSAGE_REACTION_REMOVE_EMOJI",
            Intents.DIRECT_MESSAGE_TYPING,
            "TYPING_START",
            Intents.DIRECT_MESSAGE_POLLS,
            "MESSAGE_POLL_VOTE_ADD MESSAGE_POLL_VOTE_REMOVE");

    /// Events that a guild keeps, so that GUILD_CREATE shows them.
    private static final String CHANGES = "GUILD_CREATE GUILD_UPDATE GUILD_DELETE GUILD_ROLE_CREATE GUILD_ROLE_UPDATE"
            + " GUILD_ROLE_DELETE CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE THREAD_CREATE THREAD_UPDATE"
            + " THREAD_DELETE THREAD_MEMBERS_UPDATE GUILD_EMOJIS_UPDATE GUILD_STICKERS_UPDATE"
            + " GUILD_SOUNDBOARD_SOUND_CREATE GUILD_SOUNDBOARD_SOUND_UPDATE GUILD_SOUNDBOARD_SOUND_DELETE"
            + " GUILD_SOUNDBOARD_SOUNDS_UPDATE STAGE_INSTANCE_CREATE STAGE_INSTANCE_UPDATE STAGE_INSTANCE_DELETE"
            + " GUILD_SCHEDULED_EVENT_CREATE GUILD_SCHEDULED_EVENT_UPDATE GUILD_SCHEDULED_EVENT_DELETE"
            + " GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE GUILD_MEMBER_REMOVE VOICE_STATE_UPDATE";

    private static Set<String> typesIn(String text) {
        return new HashSet<>(List.of(text.split(" ")));
    }

    private static Stream<EventRule> rules() {
        return StreamSupport.stream(EventTable.rules().spliterator(), false);
    }

    private static Set<String> typesOf(java.util.function.Predicate<EventRule> filter) {
        return new HashSet<>(rules().filter(filter).map(EventRule::type).toList());
    }

    @Test
    void everyEventForBotsHasTheIntentOfTheProtocol() {
        var expected = new TreeMap<String, Long>();
        BY_INTENT.forEach((intent, types) -> typesIn(types).forEach(type -> expected.put(type, intent)));
        typesIn(NO_INTENT).forEach(type -> expected.put(type, 0L));
        typesIn(GATEWAY_ONLY).forEach(type -> expected.put(type, 0L));
        var actual = new TreeMap<String, Long>();
        rules().forEach(rule -> actual.put(rule.type(), rule.intents()));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void directEventsHaveTheirOwnIntents() {
        var expected = new HashMap<String, Long>();
        BY_DIRECT_INTENT.forEach((intent, types) -> typesIn(types).forEach(type -> expected.put(type, intent)));
        var forUsersOnly = Intents.USERS_ONLY;
        var actual = new HashMap<String, Long>();
        rules().filter(rule -> rule.directIntents() != 0 && (rule.directIntents() & forUsersOnly) == 0)
                .forEach(rule -> actual.put(rule.type(), rule.directIntents()));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void whatOnlyTheGatewayEmitsIsNotPublished() {
        assertThat(typesOf(rule -> rule.route() == Route.GATEWAY_ONLY)).isEqualTo(typesIn(GATEWAY_ONLY));
        typesIn(GATEWAY_ONLY)
                .forEach(type -> assertThat(ParsedEvents.parse(type, "{}"))
                        .isEqualTo(ParsedEvents.invalid("t", type + " is made by the gateway itself")));
    }

    @Test
    void onlyWhatTheProtocolNamesNeedsAFurtherPermission() {
        var needs = new HashMap<String, List<Long>>();
        rules().filter(rule -> !rule.permissions().isEmpty())
                .forEach(rule -> needs.put(rule.type(), rule.permissions()));
        var expected = new HashMap<String, List<Long>>();
        for (var type : typesIn("AUTO_MODERATION_RULE_CREATE AUTO_MODERATION_RULE_UPDATE AUTO_MODERATION_RULE_DELETE"
                + " AUTO_MODERATION_ACTION_EXECUTION")) {
            expected.put(type, List.of(1L << 5));
        }
        expected.put("GUILD_AUDIT_LOG_ENTRY_CREATE", List.of(1L << 7));
        expected.put("GUILD_BAN_ADD", List.of(1L << 2, 1L << 7));
        expected.put("GUILD_BAN_REMOVE", List.of(1L << 2, 1L << 7));
        expected.put("INVITE_CREATE", List.of(1L << 4));
        expected.put("INVITE_DELETE", List.of(1L << 4));
        assertThat(needs).isEqualTo(expected);
    }

    @Test
    void onlyTypingAndPresenceMayBeDropped() {
        assertThat(typesOf(rule -> rule.lane() == Lane.EPHEMERAL)).containsOnly("TYPING_START", "PRESENCE_UPDATE");
        assertThat(typesOf(rule -> rule.priority() == Priority.TYPING)).containsOnly("TYPING_START");
        assertThat(typesOf(rule -> rule.priority() == Priority.PRESENCE)).containsOnly("PRESENCE_UPDATE");
        assertThat(typesOf(rule -> rule.lane() == Lane.EPHEMERAL && rule.change() != null))
                .isEmpty();
    }

    @Test
    void everyEventThatChangesAGuildIsAppliedToItsView() {
        assertThat(typesOf(rule -> rule.change() != null)).isEqualTo(typesIn(CHANGES));
    }

    @Test
    void whateverNamesItsChannelIsForThoseWhoMayViewIt() {
        var ofChannels = new ArrayList<String>();
        for (var type : List.of("CHANNEL_", "MESSAGE_", "STAGE_INSTANCE_", "INVITE_", "WEBHOOKS_")) {
            rules().map(EventRule::type).filter(name -> name.startsWith(type)).forEach(ofChannels::add);
        }
        ofChannels.remove("CHANNEL_INFO");
        assertThat(typesOf(rule -> rule.audience() == AudienceKind.CHANNEL)).containsAll(ofChannels);
    }

    /// A `d` that satisfies every row.
    private static final String D = "{\"id\":\"%s\",\"guild_id\":\"%<s\",\"channel_id\":\"31\",\"user_id\":\"41\","
            + "\"message_id\":\"51\",\"rule_id\":\"52\",\"application_id\":\"53\",\"sound_id\":\"54\",\"role_id\":\"55\","
            + "\"guild_scheduled_event_id\":\"56\",\"ids\":[\"57\",58],\"user\":{\"id\":\"42\",\"username\":\"u\"},"
            + "\"author\":{\"id\":\"43\"},\"roles\":[],\"role\":{\"id\":\"55\",\"permissions\":\"0\"},\"type\":0,"
            + "\"parent_id\":\"32\",\"owner_id\":\"41\",\"emojis\":[],\"stickers\":[],\"soundboard_sounds\":[],"
            + "\"unavailable\":true}";

    static Stream<String> publishedToGuilds() {
        return rules().filter(rule -> rule.route() == Route.GUILD || rule.route() == Route.GUILD_OR_USERS)
                .filter(rule ->
                        rule.audience() != AudienceKind.NAMED_SESSIONS && rule.audience() != AudienceKind.NAMED_USERS)
                .map(EventRule::type)
                .filter(type -> !type.equals("GUILD_CREATE"));
    }

    @ParameterizedTest
    @MethodSource("publishedToGuilds")
    void anEventOfAGuildBecomesItsRecord(String type) {
        var rule = EventTable.rule(type);
        var d = D.formatted(ParsedEvents.GUILD);
        var read = (ParsedEvent.ToGuild) ParsedEvents.parse(type, d);
        var event = read.record().getEvent();
        assertThat(read.guildId()).isEqualTo(ParsedEvents.GUILD_ID);
        assertThat(read.lane()).isEqualTo(rule.lane());
        assertThat(event.getType()).isEqualTo(type);
        assertThat(event.getGuildId()).isEqualTo(ParsedEvents.GUILD_ID);
        assertThat(event.getPayload().toStringUtf8()).isEqualTo(d);
        assertThat(event.getIntents()).isEqualTo(rule.intents());
        assertThat(event.getPriority()).isEqualTo(rule.priority());
        assertThat(event.getRequiredPermissionsList()).isEqualTo(rule.permissions());
        assertThat(event.hasMutation()).isEqualTo(rule.change() != null);
        assertThat(event.hasPublication()).isFalse();
        switch (rule.audience()) {
            case MEMBERS -> assertThat(event.hasMembers()).isTrue();
            case CHANNEL, CHANNEL_IF_ANY ->
                assertThat(event.getChannelId())
                        .isEqualTo(rule.channelField().equals("id") ? ParsedEvents.GUILD_ID : 31);
            case SUBJECT -> assertThat(event.getUsers().getIdsList()).containsExactly(41L);
            case NAMED_USERS, NAMED_SESSIONS -> throw new AssertionError(rule);
        }
    }

    @ParameterizedTest
    @MethodSource("publishedToGuilds")
    void anEventWithoutAnyIdIsRefusedByTheNameOfTheFirst(String type) {
        assertThat(ParsedEvents.parse(type, "{}"))
                .isInstanceOfSatisfying(
                        ParsedEvent.Invalid.class,
                        refused -> assertThat(refused.reason()).contains("missing"));
    }

    @Test
    void aTypeThatIsNotInTheTableIsForItsChannelOrGuild() {
        var ofChannel = ParsedEvents.guild("CHANNEL_TOPIC_UPDATE", "{\"guild_id\":7,\"channel_id\":\"8\"}");
        assertThat(ofChannel.getChannelId()).isEqualTo(8);
        assertThat(ofChannel.getIntents()).isEqualTo(Intents.GUILDS);
        assertThat(ofChannel.hasMutation()).isFalse();
        var ofGuild = ParsedEvents.guild("SOMETHING_NEW", "{\"guild_id\":\"7\",\"channel_id\":null}");
        assertThat(ofGuild.hasMembers()).isTrue();
        assertThat(ParsedEvents.parse("SOMETHING_NEW", "{}"))
                .isEqualTo(ParsedEvents.invalid("d.guild_id", "is missing"));
    }

    @Test
    void aTypeThatIsNotInTheTableIsForTheUsersThatItNames() {
        var event = ParsedEvents.user("{\"t\":\"SESSIONS_REPLACE\",\"d\":[{\"a\":1}],\"users\":[\"41\",42]}");
        assertThat(event.getUsersList()).containsExactly(41L, 42L);
        assertThat(event.getPayload().toStringUtf8()).isEqualTo("[{\"a\":1}]");
        assertThat(event.getIntents()).isZero();
    }
}
