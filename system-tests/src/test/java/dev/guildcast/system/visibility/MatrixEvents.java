package dev.guildcast.system.visibility;

import static dev.guildcast.system.visibility.MatrixGuild.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The bodies that are published of one event type: one for each channel it may be in, and each one it may name.
final class MatrixEvents {
    /// One event.
    ///
    /// @param named the only members it is for; empty: all
    record MatrixEvent(String type, JsonNode d, Set<String> named) {}

    private static final List<String> REFERENCES =
            List.of(OPEN, HIDDEN, CLOSED, HIDDEN_VOICE, HIDDEN_THREAD, PRIVATE_THREAD, UNKNOWN);
    private static final List<String> ANY_CHANNEL =
            List.of(OPEN, HIDDEN, CLOSED, THREAD, HIDDEN_THREAD, PRIVATE_THREAD, HIDDEN_PRIVATE_THREAD);
    private static final Set<String> SOME_USERS = Set.of("3", "4", "10", SUBJECT);

    private final List<MatrixEvent> events = new ArrayList<>();
    private final String type;

    private MatrixEvents(String type) {
        this.type = type;
    }

    /// @throws IllegalArgumentException for a type without bodies here: each type of the catalogue needs some
    static List<MatrixEvent> of(String type) {
        var events = new MatrixEvents(type);
        events.collect();
        if (events.events.isEmpty()) {
            throw new IllegalArgumentException("no bodies for " + type);
        }
        return events.events;
    }

    private void collect() {
        switch (type) {
            case "GUILD_CREATE" -> add("{'id':'8000','unavailable':false}");
            case "GUILD_DELETE" -> add("{'id':'8000','unavailable':true}");
            case "GUILD_UPDATE" ->
                each(
                        REFERENCES,
                        r -> "{'id':'8000','name':'n','system_channel_id':'" + r
                                + "','rules_channel_id':'9001','afk_channel_id':'" + r
                                + "','public_updates_channel_id':null,"
                                + "'safety_alerts_channel_id':'" + r + "','widget_channel_id':'" + r
                                + "','welcome_screen':{'welcome_channels':[{'channel_id':'" + r
                                + "','description':'a'},"
                                + "{'channel_id':'9001','description':'b'},{'channel_id':'9002','description':'c'}]}}");
            case "GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE" -> guild("'role':{'id':'70','name':'r','permissions':'0'}");
            case "GUILD_ROLE_DELETE" -> guild("'role_id':'70'");
            case "CHANNEL_CREATE", "CHANNEL_DELETE" -> {
                guild("'id':'9100','type':0,'name':'new','parent_id':'9006'");
                guild("'id':'9101','type':0,'name':'new','parent_id':null" + hiddenOverwrites());
            }
            case "CHANNEL_UPDATE" -> {
                each(TEXT_CHANNELS, c -> body("'id':'" + c + "','name':'x','parent_id':'9006'"));
                each(TEXT_CHANNELS, c -> body("'id':'" + c + "','name':'y','parent_id':null"));
            }
            case "THREAD_CREATE", "THREAD_DELETE" ->
                each(TEXT_CHANNELS, c -> body("'id':'92" + c.substring(2) + "','type':11,'parent_id':'" + c + "'"));
            case "THREAD_UPDATE" -> each(THREADS, c -> body("'id':'" + c + "','name':'x'"));
            case "THREAD_LIST_SYNC" ->
                each(
                        REFERENCES,
                        r -> body("'channel_ids':['9002','" + r + "','9001'],'threads':[{'id':'9008',"
                                + "'parent_id':'9002'},{'id':'9007','parent_id':'9001'},{'id':'9009','parent_id':'9001'}],"
                                + "'members':[]"),
                        SOME_USERS);
            case "THREAD_MEMBER_UPDATE" -> each(THREADS, c -> body("'id':'" + c + "','user_id':'21','flags':1"));
            case "THREAD_MEMBERS_UPDATE" ->
                each(
                        THREADS,
                        c -> body("'id':'" + c + "','member_count':2,'added_members':[{'id':'" + c
                                + "','user_id':'21','member':{'nick':'a'},'presence':{'status':'idle'}},{'id':'" + c
                                + "','user_id':'10','presence':{'status':'dnd'},'member':{'nick':'b'}}],"
                                + "'removed_member_ids':['3','77']"));
            case "GUILD_EMOJIS_UPDATE" -> guild("'emojis':[{'id':'1','name':'e'}]");
            case "GUILD_STICKERS_UPDATE" -> guild("'stickers':[{'id':'1','name':'s'}]");
            case "GUILD_SOUNDBOARD_SOUND_CREATE", "GUILD_SOUNDBOARD_SOUND_UPDATE", "GUILD_SOUNDBOARD_SOUND_DELETE" ->
                guild("'sound_id':'5','name':'s'");
            case "GUILD_SOUNDBOARD_SOUNDS_UPDATE" -> guild("'soundboard_sounds':[{'sound_id':'5'}]");
            case "STAGE_INSTANCE_CREATE", "STAGE_INSTANCE_UPDATE", "STAGE_INSTANCE_DELETE" ->
                each(List.of(VOICE, HIDDEN_VOICE), c -> body("'id':'6" + c + "','channel_id':'" + c + "','topic':'t'"));
            case "GUILD_SCHEDULED_EVENT_CREATE", "GUILD_SCHEDULED_EVENT_UPDATE", "GUILD_SCHEDULED_EVENT_DELETE" -> {
                each(List.of(VOICE, HIDDEN_VOICE), c -> body("'id':'7" + c + "','channel_id':'" + c + "','name':'n'"));
                guild("'id':'70000','channel_id':null,'name':'elsewhere'");
            }
            case "GUILD_SCHEDULED_EVENT_USER_ADD", "GUILD_SCHEDULED_EVENT_USER_REMOVE" ->
                each(
                        List.of("7" + VOICE, "7" + HIDDEN_VOICE, "70000", "71111"),
                        e -> body("'guild_scheduled_event_id':'" + e + "','user_id':'21'"));
            case "GUILD_MEMBER_ADD" -> guild("'user':{'id':'90','username':'n'},'roles':[],'joined_at':'x'");
            case "GUILD_MEMBER_UPDATE" -> guild("'user':{'id':'21','username':'n'},'roles':[],'nick':'n'");
            case "GUILD_MEMBER_REMOVE" -> guild("'user':{'id':'90'}");
            case "PRESENCE_UPDATE" -> guild("'user':{'id':'21'},'status':'idle','activities':[],'client_status':{}");
            case "VOICE_STATE_UPDATE" -> {
                for (String c : List.of(VOICE, HIDDEN_VOICE)) {
                    guild("'user_id':'21','session_id':'s','channel_id':'" + c + "'");
                    guild("'user_id':'21','session_id':'s','channel_id':null");
                }
            }
            case "VOICE_CHANNEL_EFFECT_SEND" ->
                each(List.of(VOICE, HIDDEN_VOICE), c -> body("'channel_id':'" + c + "','user_id':'21'"));
            case "AUTO_MODERATION_RULE_CREATE", "AUTO_MODERATION_RULE_UPDATE", "AUTO_MODERATION_RULE_DELETE" ->
                each(
                        REFERENCES,
                        r -> body("'id':'5','exempt_channels':['" + r + "','9002'],'exempt_roles':['52'],"
                                + "'actions':[{'type':1,'metadata':{}},{'type':2,'metadata':{'channel_id':'" + r
                                + "'}}]"));
            case "AUTO_MODERATION_ACTION_EXECUTION" -> {
                for (String c : ANY_CHANNEL) {
                    each(
                            REFERENCES,
                            r -> body("'rule_id':'5','user_id':'21','channel_id':'" + c
                                    + "','content':'bad','matched_content':'b','action':{'type':2,'metadata':{'channel_id':'"
                                    + r + "'}}"));
                }
                guild("'rule_id':'5','user_id':'21','content':'bad','action':{'metadata':{'channel_id':'9002'}}");
            }
            case "GUILD_AUDIT_LOG_ENTRY_CREATE" ->
                each(
                        REFERENCES,
                        r -> body("'id':'5','user_id':'21','target_id':'"
                                + r
                                + "','action_type':11,'changes':[{'key':'name','new_value':'n'}],'options':{'channel_id':'"
                                + r + "'}"));
            case "GUILD_BAN_ADD", "GUILD_BAN_REMOVE" -> guild("'user':{'id':'91'}");
            case "GUILD_INTEGRATIONS_UPDATE" -> guild("'x':1");
            case "INTEGRATION_CREATE", "INTEGRATION_UPDATE", "INTEGRATION_DELETE" -> guild("'id':'5'");
            case "APPLICATION_COMMAND_PERMISSIONS_UPDATE" ->
                each(
                        REFERENCES,
                        r -> body("'id':'5','application_id':'6','permissions':[{'id':'" + r
                                + "','type':3,'permission':true},{'id':'52','type':1,'permission':true},"
                                + "{'id':'9002','type':3,'permission':false}]"));
            case "INTERACTION_CREATE" ->
                each(
                        ANY_CHANNEL,
                        c -> body(
                                "'id':'5','application_id':'6','channel_id':'" + c + "','channel':{'id':'" + c + "'}"),
                        SOME_USERS);
            case "GUILD_ONBOARDING_UPDATE" ->
                each(
                        REFERENCES,
                        r -> body("'default_channel_ids':['" + r + "','9002','9001'],'prompts':[{'id':'1',"
                                + "'options':[{'channel_ids':['" + r + "']},{'channel_ids':[]}]}]"));
            default -> channelEvents();
        }
    }

    /// Events of a channel, some of which name others.
    private void channelEvents() {
        for (String c : ANY_CHANNEL) {
            var own = "'channel_id':'" + c + "','id':'5','ids':['5'],'user_id':'21','message_id':'6'";
            if (type.equals("MESSAGE_CREATE") || type.equals("MESSAGE_UPDATE")) {
                var message = own + ",'author':{'id':'21'},'content':'secret','embeds':[{}],'attachments':[],"
                        + "'mentions':[{'id':'3'},{'id':'4'}],'poll':{}";
                guild(message);
                each(
                        REFERENCES,
                        r -> body(message + ",'mention_channels':[{'id':'" + r + "','name':'n'},"
                                + "{'id':'9001','name':'o'}],'message_reference':{'type':1,'message_id':'4','channel_id':'"
                                + r + "'}"));
                each(List.of(c), ignored -> body(message), SOME_USERS);
            } else if (type.startsWith("VOICE_CHANNEL_")) {
                guild("'id':'" + c + "','status':'s'");
            } else if (type.startsWith("MESSAGE_")
                    || type.startsWith("INVITE_")
                    || Set.of("TYPING_START", "CHANNEL_PINS_UPDATE", "WEBHOOKS_UPDATE", "SOMETHING_NEW")
                            .contains(type)) {
                guild(own);
            }
        }
    }

    private static String body(String fields) {
        return "{'guild_id':'8000'," + fields + "}";
    }

    private void guild(String fields) {
        add(body(fields));
    }

    private void add(String d) {
        events.add(new MatrixEvent(type, json(d), Set.of()));
    }

    private void each(List<String> channels, java.util.function.UnaryOperator<String> d) {
        each(channels, d, Set.of());
    }

    private void each(List<String> channels, java.util.function.UnaryOperator<String> d, Set<String> named) {
        channels.forEach(channel -> events.add(new MatrixEvent(type, json(d.apply(channel)), named)));
    }

    /// An event as a backend publishes it.
    static String publish(MatrixEvent event) {
        var text = "{\"t\":\"" + event.type() + "\",\"d\":" + event.d();
        return event.named().isEmpty() ? text + "}" : text + ",\"users\":[" + String.join(",", event.named()) + "]}";
    }
}
