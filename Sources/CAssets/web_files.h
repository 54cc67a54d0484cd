/* web_files.h - written by scripts/web_files.py; not edited by hand. */
static const unsigned char web_icon_svg[] = {
#embed "Assets/web/icon.svg"
};
static const unsigned char web_index_html[] = {
#embed "Assets/web/index.html"
};
static const unsigned char web_js_api_js[] = {
#embed "Assets/web/js/api.js"
};
static const unsigned char web_js_charts_bars_js[] = {
#embed "Assets/web/js/charts/bars.js"
};
static const unsigned char web_js_charts_chart_js[] = {
#embed "Assets/web/js/charts/chart.js"
};
static const unsigned char web_js_charts_dashboard_charts_js[] = {
#embed "Assets/web/js/charts/dashboard-charts.js"
};
static const unsigned char web_js_charts_figures_js[] = {
#embed "Assets/web/js/charts/figures.js"
};
static const unsigned char web_js_charts_lines_js[] = {
#embed "Assets/web/js/charts/lines.js"
};
static const unsigned char web_js_charts_period_js[] = {
#embed "Assets/web/js/charts/period.js"
};
static const unsigned char web_js_charts_scale_js[] = {
#embed "Assets/web/js/charts/scale.js"
};
static const unsigned char web_js_dialog_js[] = {
#embed "Assets/web/js/dialog.js"
};
static const unsigned char web_js_dom_js[] = {
#embed "Assets/web/js/dom.js"
};
static const unsigned char web_js_early_js[] = {
#embed "Assets/web/js/early.js"
};
static const unsigned char web_js_filters_bar_js[] = {
#embed "Assets/web/js/filters/bar.js"
};
static const unsigned char web_js_filters_fields_js[] = {
#embed "Assets/web/js/filters/fields.js"
};
static const unsigned char web_js_filters_panel_js[] = {
#embed "Assets/web/js/filters/panel.js"
};
static const unsigned char web_js_filters_suggest_js[] = {
#embed "Assets/web/js/filters/suggest.js"
};
static const unsigned char web_js_format_js[] = {
#embed "Assets/web/js/format.js"
};
static const unsigned char web_js_help_js[] = {
#embed "Assets/web/js/help.js"
};
static const unsigned char web_js_key_dialog_js[] = {
#embed "Assets/web/js/key-dialog.js"
};
static const unsigned char web_js_keys_js[] = {
#embed "Assets/web/js/keys.js"
};
static const unsigned char web_js_later_js[] = {
#embed "Assets/web/js/later.js"
};
static const unsigned char web_js_links_js[] = {
#embed "Assets/web/js/links.js"
};
static const unsigned char web_js_list_arrivals_js[] = {
#embed "Assets/web/js/list/arrivals.js"
};
static const unsigned char web_js_list_call_dialog_js[] = {
#embed "Assets/web/js/list/call-dialog.js"
};
static const unsigned char web_js_list_cells_js[] = {
#embed "Assets/web/js/list/cells.js"
};
static const unsigned char web_js_list_export_js[] = {
#embed "Assets/web/js/list/export.js"
};
static const unsigned char web_js_list_grid_js[] = {
#embed "Assets/web/js/list/grid.js"
};
static const unsigned char web_js_list_list_page_js[] = {
#embed "Assets/web/js/list/list-page.js"
};
static const unsigned char web_js_list_source_js[] = {
#embed "Assets/web/js/list/source.js"
};
static const unsigned char web_js_live_js[] = {
#embed "Assets/web/js/live.js"
};
static const unsigned char web_js_main_js[] = {
#embed "Assets/web/js/main.js"
};
static const unsigned char web_js_pages_calls_js[] = {
#embed "Assets/web/js/pages/calls.js"
};
static const unsigned char web_js_pages_dashboard_js[] = {
#embed "Assets/web/js/pages/dashboard.js"
};
static const unsigned char web_js_pages_models_js[] = {
#embed "Assets/web/js/pages/models.js"
};
static const unsigned char web_js_pages_prompts_js[] = {
#embed "Assets/web/js/pages/prompts.js"
};
static const unsigned char web_js_pages_session_js[] = {
#embed "Assets/web/js/pages/session.js"
};
static const unsigned char web_js_pages_sessions_js[] = {
#embed "Assets/web/js/pages/sessions.js"
};
static const unsigned char web_js_pages_start_js[] = {
#embed "Assets/web/js/pages/start.js"
};
static const unsigned char web_js_pages_trace_js[] = {
#embed "Assets/web/js/pages/trace.js"
};
static const unsigned char web_js_pages_traces_js[] = {
#embed "Assets/web/js/pages/traces.js"
};
static const unsigned char web_js_pages_users_js[] = {
#embed "Assets/web/js/pages/users.js"
};
static const unsigned char web_js_router_js[] = {
#embed "Assets/web/js/router.js"
};
static const unsigned char web_js_routes_js[] = {
#embed "Assets/web/js/routes.js"
};
static const unsigned char web_js_shell_js[] = {
#embed "Assets/web/js/shell.js"
};
static const unsigned char web_js_start_guide_js[] = {
#embed "Assets/web/js/start/guide.js"
};
static const unsigned char web_js_start_snippets_js[] = {
#embed "Assets/web/js/start/snippets.js"
};
static const unsigned char web_js_text_js[] = {
#embed "Assets/web/js/text.js"
};
static const unsigned char web_js_trace_axis_js[] = {
#embed "Assets/web/js/trace/axis.js"
};
static const unsigned char web_js_trace_below_js[] = {
#embed "Assets/web/js/trace/below.js"
};
static const unsigned char web_js_trace_content_js[] = {
#embed "Assets/web/js/trace/content.js"
};
static const unsigned char web_js_trace_conversation_js[] = {
#embed "Assets/web/js/trace/conversation.js"
};
static const unsigned char web_js_trace_curl_js[] = {
#embed "Assets/web/js/trace/curl.js"
};
static const unsigned char web_js_trace_detail_js[] = {
#embed "Assets/web/js/trace/detail.js"
};
static const unsigned char web_js_trace_find_js[] = {
#embed "Assets/web/js/trace/find.js"
};
static const unsigned char web_js_trace_graph_js[] = {
#embed "Assets/web/js/trace/graph.js"
};
static const unsigned char web_js_trace_header_js[] = {
#embed "Assets/web/js/trace/header.js"
};
static const unsigned char web_js_trace_json_js[] = {
#embed "Assets/web/js/trace/json.js"
};
static const unsigned char web_js_trace_keys_js[] = {
#embed "Assets/web/js/trace/keys.js"
};
static const unsigned char web_js_trace_kinds_js[] = {
#embed "Assets/web/js/trace/kinds.js"
};
static const unsigned char web_js_trace_load_js[] = {
#embed "Assets/web/js/trace/load.js"
};
static const unsigned char web_js_trace_messages_js[] = {
#embed "Assets/web/js/trace/messages.js"
};
static const unsigned char web_js_trace_parts_js[] = {
#embed "Assets/web/js/trace/parts.js"
};
static const unsigned char web_js_trace_raw_js[] = {
#embed "Assets/web/js/trace/raw.js"
};
static const unsigned char web_js_trace_splitter_js[] = {
#embed "Assets/web/js/trace/splitter.js"
};
static const unsigned char web_js_trace_steps_js[] = {
#embed "Assets/web/js/trace/steps.js"
};
static const unsigned char web_js_trace_tokens_js[] = {
#embed "Assets/web/js/trace/tokens.js"
};
static const unsigned char web_js_trace_toolbar_js[] = {
#embed "Assets/web/js/trace/toolbar.js"
};
static const unsigned char web_js_trace_tree_js[] = {
#embed "Assets/web/js/trace/tree.js"
};
static const unsigned char web_js_trace_waterfall_js[] = {
#embed "Assets/web/js/trace/waterfall.js"
};
static const unsigned char web_js_virtual_js[] = {
#embed "Assets/web/js/virtual.js"
};
static const unsigned char web_style_css[] = {
#embed "Assets/web/css/tokens.css"
,
#embed "Assets/web/css/base.css"
,
#embed "Assets/web/css/components.css"
,
#embed "Assets/web/css/layout.css"
,
#embed "Assets/web/css/tables.css"
,
#embed "Assets/web/css/lists.css"
,
#embed "Assets/web/css/charts.css"
,
#embed "Assets/web/css/trace.css"
};
static const skein_web_file web_files[] = {
    {"icon.svg", "image/svg+xml", web_icon_svg, sizeof(web_icon_svg)},
    {"index.html", "text/html; charset=utf-8", web_index_html, sizeof(web_index_html)},
    {"js/api.js", "text/javascript; charset=utf-8", web_js_api_js, sizeof(web_js_api_js)},
    {"js/charts/bars.js", "text/javascript; charset=utf-8", web_js_charts_bars_js, sizeof(web_js_charts_bars_js)},
    {"js/charts/chart.js", "text/javascript; charset=utf-8", web_js_charts_chart_js, sizeof(web_js_charts_chart_js)},
    {"js/charts/dashboard-charts.js", "text/javascript; charset=utf-8", web_js_charts_dashboard_charts_js, sizeof(web_js_charts_dashboard_charts_js)},
    {"js/charts/figures.js", "text/javascript; charset=utf-8", web_js_charts_figures_js, sizeof(web_js_charts_figures_js)},
    {"js/charts/lines.js", "text/javascript; charset=utf-8", web_js_charts_lines_js, sizeof(web_js_charts_lines_js)},
    {"js/charts/period.js", "text/javascript; charset=utf-8", web_js_charts_period_js, sizeof(web_js_charts_period_js)},
    {"js/charts/scale.js", "text/javascript; charset=utf-8", web_js_charts_scale_js, sizeof(web_js_charts_scale_js)},
    {"js/dialog.js", "text/javascript; charset=utf-8", web_js_dialog_js, sizeof(web_js_dialog_js)},
    {"js/dom.js", "text/javascript; charset=utf-8", web_js_dom_js, sizeof(web_js_dom_js)},
    {"js/early.js", "text/javascript; charset=utf-8", web_js_early_js, sizeof(web_js_early_js)},
    {"js/filters/bar.js", "text/javascript; charset=utf-8", web_js_filters_bar_js, sizeof(web_js_filters_bar_js)},
    {"js/filters/fields.js", "text/javascript; charset=utf-8", web_js_filters_fields_js, sizeof(web_js_filters_fields_js)},
    {"js/filters/panel.js", "text/javascript; charset=utf-8", web_js_filters_panel_js, sizeof(web_js_filters_panel_js)},
    {"js/filters/suggest.js", "text/javascript; charset=utf-8", web_js_filters_suggest_js, sizeof(web_js_filters_suggest_js)},
    {"js/format.js", "text/javascript; charset=utf-8", web_js_format_js, sizeof(web_js_format_js)},
    {"js/help.js", "text/javascript; charset=utf-8", web_js_help_js, sizeof(web_js_help_js)},
    {"js/key-dialog.js", "text/javascript; charset=utf-8", web_js_key_dialog_js, sizeof(web_js_key_dialog_js)},
    {"js/keys.js", "text/javascript; charset=utf-8", web_js_keys_js, sizeof(web_js_keys_js)},
    {"js/later.js", "text/javascript; charset=utf-8", web_js_later_js, sizeof(web_js_later_js)},
    {"js/links.js", "text/javascript; charset=utf-8", web_js_links_js, sizeof(web_js_links_js)},
    {"js/list/arrivals.js", "text/javascript; charset=utf-8", web_js_list_arrivals_js, sizeof(web_js_list_arrivals_js)},
    {"js/list/call-dialog.js", "text/javascript; charset=utf-8", web_js_list_call_dialog_js, sizeof(web_js_list_call_dialog_js)},
    {"js/list/cells.js", "text/javascript; charset=utf-8", web_js_list_cells_js, sizeof(web_js_list_cells_js)},
    {"js/list/export.js", "text/javascript; charset=utf-8", web_js_list_export_js, sizeof(web_js_list_export_js)},
    {"js/list/grid.js", "text/javascript; charset=utf-8", web_js_list_grid_js, sizeof(web_js_list_grid_js)},
    {"js/list/list-page.js", "text/javascript; charset=utf-8", web_js_list_list_page_js, sizeof(web_js_list_list_page_js)},
    {"js/list/source.js", "text/javascript; charset=utf-8", web_js_list_source_js, sizeof(web_js_list_source_js)},
    {"js/live.js", "text/javascript; charset=utf-8", web_js_live_js, sizeof(web_js_live_js)},
    {"js/main.js", "text/javascript; charset=utf-8", web_js_main_js, sizeof(web_js_main_js)},
    {"js/pages/calls.js", "text/javascript; charset=utf-8", web_js_pages_calls_js, sizeof(web_js_pages_calls_js)},
    {"js/pages/dashboard.js", "text/javascript; charset=utf-8", web_js_pages_dashboard_js, sizeof(web_js_pages_dashboard_js)},
    {"js/pages/models.js", "text/javascript; charset=utf-8", web_js_pages_models_js, sizeof(web_js_pages_models_js)},
    {"js/pages/prompts.js", "text/javascript; charset=utf-8", web_js_pages_prompts_js, sizeof(web_js_pages_prompts_js)},
    {"js/pages/session.js", "text/javascript; charset=utf-8", web_js_pages_session_js, sizeof(web_js_pages_session_js)},
    {"js/pages/sessions.js", "text/javascript; charset=utf-8", web_js_pages_sessions_js, sizeof(web_js_pages_sessions_js)},
    {"js/pages/start.js", "text/javascript; charset=utf-8", web_js_pages_start_js, sizeof(web_js_pages_start_js)},
    {"js/pages/trace.js", "text/javascript; charset=utf-8", web_js_pages_trace_js, sizeof(web_js_pages_trace_js)},
    {"js/pages/traces.js", "text/javascript; charset=utf-8", web_js_pages_traces_js, sizeof(web_js_pages_traces_js)},
    {"js/pages/users.js", "text/javascript; charset=utf-8", web_js_pages_users_js, sizeof(web_js_pages_users_js)},
    {"js/router.js", "text/javascript; charset=utf-8", web_js_router_js, sizeof(web_js_router_js)},
    {"js/routes.js", "text/javascript; charset=utf-8", web_js_routes_js, sizeof(web_js_routes_js)},
    {"js/shell.js", "text/javascript; charset=utf-8", web_js_shell_js, sizeof(web_js_shell_js)},
    {"js/start/guide.js", "text/javascript; charset=utf-8", web_js_start_guide_js, sizeof(web_js_start_guide_js)},
    {"js/start/snippets.js", "text/javascript; charset=utf-8", web_js_start_snippets_js, sizeof(web_js_start_snippets_js)},
    {"js/text.js", "text/javascript; charset=utf-8", web_js_text_js, sizeof(web_js_text_js)},
    {"js/trace/axis.js", "text/javascript; charset=utf-8", web_js_trace_axis_js, sizeof(web_js_trace_axis_js)},
    {"js/trace/below.js", "text/javascript; charset=utf-8", web_js_trace_below_js, sizeof(web_js_trace_below_js)},
    {"js/trace/content.js", "text/javascript; charset=utf-8", web_js_trace_content_js, sizeof(web_js_trace_content_js)},
    {"js/trace/conversation.js", "text/javascript; charset=utf-8", web_js_trace_conversation_js, sizeof(web_js_trace_conversation_js)},
    {"js/trace/curl.js", "text/javascript; charset=utf-8", web_js_trace_curl_js, sizeof(web_js_trace_curl_js)},
    {"js/trace/detail.js", "text/javascript; charset=utf-8", web_js_trace_detail_js, sizeof(web_js_trace_detail_js)},
    {"js/trace/find.js", "text/javascript; charset=utf-8", web_js_trace_find_js, sizeof(web_js_trace_find_js)},
    {"js/trace/graph.js", "text/javascript; charset=utf-8", web_js_trace_graph_js, sizeof(web_js_trace_graph_js)},
    {"js/trace/header.js", "text/javascript; charset=utf-8", web_js_trace_header_js, sizeof(web_js_trace_header_js)},
    {"js/trace/json.js", "text/javascript; charset=utf-8", web_js_trace_json_js, sizeof(web_js_trace_json_js)},
    {"js/trace/keys.js", "text/javascript; charset=utf-8", web_js_trace_keys_js, sizeof(web_js_trace_keys_js)},
    {"js/trace/kinds.js", "text/javascript; charset=utf-8", web_js_trace_kinds_js, sizeof(web_js_trace_kinds_js)},
    {"js/trace/load.js", "text/javascript; charset=utf-8", web_js_trace_load_js, sizeof(web_js_trace_load_js)},
    {"js/trace/messages.js", "text/javascript; charset=utf-8", web_js_trace_messages_js, sizeof(web_js_trace_messages_js)},
    {"js/trace/parts.js", "text/javascript; charset=utf-8", web_js_trace_parts_js, sizeof(web_js_trace_parts_js)},
    {"js/trace/raw.js", "text/javascript; charset=utf-8", web_js_trace_raw_js, sizeof(web_js_trace_raw_js)},
    {"js/trace/splitter.js", "text/javascript; charset=utf-8", web_js_trace_splitter_js, sizeof(web_js_trace_splitter_js)},
    {"js/trace/steps.js", "text/javascript; charset=utf-8", web_js_trace_steps_js, sizeof(web_js_trace_steps_js)},
    {"js/trace/tokens.js", "text/javascript; charset=utf-8", web_js_trace_tokens_js, sizeof(web_js_trace_tokens_js)},
    {"js/trace/toolbar.js", "text/javascript; charset=utf-8", web_js_trace_toolbar_js, sizeof(web_js_trace_toolbar_js)},
    {"js/trace/tree.js", "text/javascript; charset=utf-8", web_js_trace_tree_js, sizeof(web_js_trace_tree_js)},
    {"js/trace/waterfall.js", "text/javascript; charset=utf-8", web_js_trace_waterfall_js, sizeof(web_js_trace_waterfall_js)},
    {"js/virtual.js", "text/javascript; charset=utf-8", web_js_virtual_js, sizeof(web_js_virtual_js)},
    {"style.css", "text/css; charset=utf-8", web_style_css, sizeof(web_style_css)},
};
static const skein_web_page web_pages[] = {
    {"/",
     "js/main.js\n"
     "js/pages/traces.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/dom.js\n"
     "js/format.js\n"
     "js/later.js\n"
     "js/list/cells.js\n"
     "js/list/list-page.js\n"
     "js/text.js\n"
     "js/api.js\n"
     "js/keys.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/list/export.js\n"
     "js/list/grid.js\n"
     "js/list/source.js\n"
     "js/virtual.js"},
    {"/traces",
     "js/main.js\n"
     "js/pages/traces.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/dom.js\n"
     "js/format.js\n"
     "js/later.js\n"
     "js/list/cells.js\n"
     "js/list/list-page.js\n"
     "js/text.js\n"
     "js/api.js\n"
     "js/keys.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/list/export.js\n"
     "js/list/grid.js\n"
     "js/list/source.js\n"
     "js/virtual.js"},
    {"/traces/:trace_id",
     "js/main.js\n"
     "js/pages/trace.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/api.js\n"
     "js/dom.js\n"
     "js/later.js\n"
     "js/live.js\n"
     "js/text.js\n"
     "js/trace/detail.js\n"
     "js/trace/find.js\n"
     "js/trace/header.js\n"
     "js/trace/keys.js\n"
     "js/trace/load.js\n"
     "js/trace/splitter.js\n"
     "js/trace/toolbar.js\n"
     "js/trace/tree.js\n"
     "js/trace/waterfall.js\n"
     "js/keys.js\n"
     "js/format.js\n"
     "js/trace/below.js\n"
     "js/trace/content.js\n"
     "js/trace/curl.js\n"
     "js/trace/json.js\n"
     "js/trace/kinds.js\n"
     "js/trace/parts.js\n"
     "js/trace/raw.js\n"
     "js/trace/tokens.js\n"
     "js/dialog.js\n"
     "js/virtual.js\n"
     "js/trace/axis.js\n"
     "js/trace/messages.js"},
    {"/calls",
     "js/main.js\n"
     "js/pages/calls.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/dom.js\n"
     "js/format.js\n"
     "js/keys.js\n"
     "js/list/cells.js\n"
     "js/list/call-dialog.js\n"
     "js/list/list-page.js\n"
     "js/links.js\n"
     "js/text.js\n"
     "js/later.js\n"
     "js/api.js\n"
     "js/dialog.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/list/export.js\n"
     "js/list/grid.js\n"
     "js/list/source.js\n"
     "js/virtual.js"},
    {"/sessions",
     "js/main.js\n"
     "js/pages/sessions.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/dom.js\n"
     "js/format.js\n"
     "js/list/cells.js\n"
     "js/list/list-page.js\n"
     "js/text.js\n"
     "js/later.js\n"
     "js/api.js\n"
     "js/keys.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/list/export.js\n"
     "js/list/grid.js\n"
     "js/list/source.js\n"
     "js/virtual.js"},
    {"/sessions/:session_id",
     "js/main.js\n"
     "js/pages/session.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/api.js\n"
     "js/dom.js\n"
     "js/format.js\n"
     "js/keys.js\n"
     "js/text.js\n"
     "js/later.js"},
    {"/users",
     "js/main.js\n"
     "js/pages/users.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/dom.js\n"
     "js/format.js\n"
     "js/list/cells.js\n"
     "js/list/list-page.js\n"
     "js/pages/sessions.js\n"
     "js/later.js\n"
     "js/api.js\n"
     "js/keys.js\n"
     "js/text.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/list/export.js\n"
     "js/list/grid.js\n"
     "js/list/source.js\n"
     "js/virtual.js"},
    {"/prompts",
     "js/main.js\n"
     "js/pages/prompts.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/api.js\n"
     "js/dom.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/format.js\n"
     "js/links.js\n"
     "js/text.js\n"
     "js/later.js\n"
     "js/keys.js"},
    {"/models",
     "js/main.js\n"
     "js/pages/models.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/api.js\n"
     "js/dialog.js\n"
     "js/dom.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/format.js\n"
     "js/text.js\n"
     "js/later.js\n"
     "js/keys.js"},
    {"/dashboard",
     "js/main.js\n"
     "js/pages/dashboard.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/api.js\n"
     "js/dom.js\n"
     "js/filters/fields.js\n"
     "js/filters/bar.js\n"
     "js/charts/figures.js\n"
     "js/charts/dashboard-charts.js\n"
     "js/charts/period.js\n"
     "js/later.js\n"
     "js/keys.js\n"
     "js/text.js\n"
     "js/format.js\n"
     "js/charts/chart.js\n"
     "js/charts/scale.js\n"
     "js/charts/bars.js\n"
     "js/charts/lines.js"},
    {"/start",
     "js/main.js\n"
     "js/pages/start.js\n"
     "js/router.js\n"
     "js/routes.js\n"
     "js/shell.js\n"
     "js/api.js\n"
     "js/dom.js\n"
     "js/start/guide.js\n"
     "js/later.js\n"
     "js/keys.js\n"
     "js/text.js\n"
     "js/live.js\n"
     "js/start/snippets.js\n"
     "js/format.js"},
};
