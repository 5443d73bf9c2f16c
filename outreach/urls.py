from django.urls import include, path

from outreach.lists import JOINT_ACTIONS, PROGRAM_STEPS, PROGRAMS, PROMISES
from outreach.views import action, program, promise, step, survey, survey_public, target, text

app_name = "outreach"
urlpatterns = [
    path("programs/add/", program.add_program, name="add_program"),
    path("programs/<uuid:uid>/", program.program, name="program"),
    path("programs/<uuid:uid>/change/", program.change_program, name="change_program"),
    path("programs/<uuid:uid>/delete/", program.delete_program, name="delete_program"),
    path("programs/<uuid:uid>/goals/", program.link_goals, name="link_goals"),
    path("programs/<uuid:uid>/targets/", program.choose_targets, name="choose_targets"),
    path("programs/", include(PROGRAMS.urls())),
    path("program-steps/<uuid:uid>/", step.step, name="step"),
    path("program-steps/<uuid:uid>/change/", step.change_step, name="change_step"),
    path("program-steps/<uuid:uid>/tick/", step.tick_check, name="tick_check"),
    path("program-steps/<uuid:uid>/sign/", step.sign_step, name="sign_step"),
    path("program-steps/<uuid:uid>/reopen/", step.reopen_step, name="reopen_step"),
    path("program-steps/", include(PROGRAM_STEPS.urls())),
    path("joint-actions/add/", action.add_joint_action, name="add_joint_action"),
    path("joint-actions/<uuid:uid>/", action.joint_action, name="joint_action"),
    path(
        "joint-actions/<uuid:uid>/change/", action.change_joint_action, name="change_joint_action"
    ),
    path(
        "joint-actions/<uuid:uid>/delete/", action.delete_joint_action, name="delete_joint_action"
    ),
    path("joint-actions/", include(JOINT_ACTIONS.urls())),
    path("organizations/<uuid:uid>/promises/", promise.promises_of, name="promises_of"),
    path("promises/add/", promise.add_promise, name="add_promise"),
    path("promises/<uuid:uid>/", promise.promise, name="promise"),
    path("promises/<uuid:uid>/change/", promise.change_promise, name="change_promise"),
    path("promises/<uuid:uid>/end/", promise.end_promise, name="end_promise"),
    path("promises/<uuid:uid>/delete/", promise.delete_promise, name="delete_promise"),
    path("promises/", include(PROMISES.urls())),
    path("targets/<uuid:uid>/", target.target, name="target"),
    path("targets/<uuid:uid>/plan/", target.plan_target, name="plan_target"),
    path("targets/<uuid:uid>/add/", target.add_target_step, name="add_target_step"),
    path("target-steps/<uuid:uid>/change/", target.change_target_step, name="change_target_step"),
    path("target-steps/<uuid:uid>/done/", target.finish_target_step, name="finish_target_step"),
    path("target-steps/<uuid:uid>/remove/", target.remove_target_step, name="remove_target_step"),
    path("settings/plans/", text.plan_templates, name="plan_templates"),
    path("settings/plans/add/", text.add_plan_template, name="add_plan_template"),
    path("settings/plans/<uuid:uid>/", text.plan_template, name="plan_template"),
    path("surveys/add/", survey.add_survey, name="add_survey"),
    path("surveys/<uuid:uid>/", survey.survey, name="survey"),
    path("surveys/<uuid:uid>/change/", survey.change_survey, name="change_survey"),
    path("surveys/<uuid:uid>/link/", survey.renew_link, name="renew_link"),
    path("surveys/<uuid:uid>/close/", survey.close_survey, name="close_survey"),
    path("surveys/<uuid:uid>/archive/", survey.archive_survey, name="archive_survey"),
    path("surveys/<uuid:uid>/delete/", survey.delete_survey, name="delete_survey"),
    path("surveys/<uuid:uid>/review/", survey.review_names, name="review_names"),
    path("survey/<str:token>/", survey_public.answer_survey, name="answer_survey"),
    path("settings/steps/", text.step_texts, name="step_texts"),
    path("settings/steps/<uuid:uid>/", text.step_text, name="step_text"),
]
