//! What reports call things, in Chinese and English.

use serde::{Deserialize, Serialize};

use crate::journal::entry::{
    AccountAct, AccountOutcome, Answer, Blame, ConsentAct, ConsentAfter, ConsentPolicy, Ended, FunctionOutcome,
    LimitKind, NotificationEnd, NotificationTaken, PopupEnd, PopupRole, ProcessEnd, PromptKind, PromptPolicy,
    SeekOutcome, StepOutcome, TwinAnswers, TwinCame, TwinInstall,
};
use crate::report::summary::{OutcomeKind, Verdict};
use crate::ui::Concept;

/// One thing in both languages. Where one is empty, the other stands for both.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Both {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Both {
    /// Both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }
}

/// What was answered to a prompt; `None` is a prompt nobody answered.
pub fn answer(answer: Option<Answer>) -> Both {
    match answer {
        Some(Answer::Allow) => Both::new("允许", "allowed"),
        Some(Answer::AllowForeground) => Both::new("仅使用时允许", "allowed while in use"),
        Some(Answer::AllowOnce) => Both::new("仅允许一次", "allowed once"),
        Some(Answer::AllowSelected) => Both::new("允许所选项目", "allowed for chosen items"),
        Some(Answer::Deny) => Both::new("拒绝", "denied"),
        Some(Answer::DenyForGood) => Both::new("拒绝且不再询问", "denied for good"),
        None => Both::new("未作答", "not answered"),
    }
}

/// Kind of a system dialog.
pub fn prompt_kind(kind: PromptKind) -> Both {
    match kind {
        PromptKind::Permission => Both::new("权限申请", "permission prompt"),
        PromptKind::PermissionReview => Both::new("权限审查", "permission review"),
        PromptKind::SpecialAccess => Both::new("特殊权限", "special access"),
        PromptKind::Crash => Both::new("崩溃提示", "crash dialog"),
        PromptKind::NotResponding => Both::new("无响应提示", "not-responding dialog"),
        PromptKind::Other => Both::new("系统对话框", "system dialog"),
    }
}

/// What a pop-up is about.
pub fn popup_role(role: PopupRole) -> Both {
    match role {
        PopupRole::Consent => Both::new("隐私政策同意窗口", "consent window"),
        PopupRole::PermissionPlea => Both::new("索权说明窗口", "plea for a permission"),
        PopupRole::Promotion => Both::new("广告或推广窗口", "promotion"),
        PopupRole::Update => Both::new("更新或下载窗口", "update or download"),
        PopupRole::SignIn => Both::new("登录要求", "demand to sign in"),
        PopupRole::Confirmation => Both::new("确认窗口", "confirmation"),
        PopupRole::Message => Both::new("消息窗口", "message"),
    }
}

/// What made a pop-up go.
pub fn popup_end(end: PopupEnd) -> Both {
    match end {
        PopupEnd::Closed => Both::new("以关闭键关闭", "closed by its control"),
        PopupEnd::Accepted => Both::new("已接受", "accepted"),
        PopupEnd::Refused => Both::new("已拒绝", "refused"),
        PopupEnd::Back => Both::new("以返回键关闭", "closed by the back key"),
        PopupEnd::ByItself => Both::new("自行消失", "went by itself"),
        PopupEnd::Unseen => Both::new("被其他窗口遮住期间消失", "gone while another window covered it"),
        PopupEnd::LedAway => Both::new("关闭键跳转到其他应用", "its close control led to another app"),
        PopupEnd::AppGone => Both::new("应用已退出", "the app left"),
        PopupEnd::NotClosed => Both::new("未能关闭", "not closed"),
    }
}

/// Who took a notification away.
pub fn notification_end(end: NotificationEnd) -> Both {
    match end {
        NotificationEnd::Tapped => Both::new("被点击", "tapped"),
        NotificationEnd::Dismissed => Both::new("被用户清除", "swiped away by the person"),
        NotificationEnd::App => Both::new("应用撤回", "taken back by the app"),
        NotificationEnd::Listener => Both::new("被其他应用清除", "taken away by another app"),
        NotificationEnd::TimedOut => Both::new("到时消失", "its time was over"),
        NotificationEnd::Snoozed => Both::new("稍后提醒", "put off"),
        NotificationEnd::AppChanged => Both::new("应用停止、更改或其通知被关闭", "the app was stopped or changed"),
        NotificationEnd::System => Both::new("被系统清除", "taken away by the system"),
    }
}

/// What the system did with a notification.
pub fn notification_taken(taken: NotificationTaken) -> Both {
    match taken {
        NotificationTaken::New => Both::new("发出通知", "notification posted"),
        NotificationTaken::Update => Both::new("更新通知", "notification changed"),
        NotificationTaken::Ignored => Both::new("系统未接受通知", "notification not taken by the system"),
    }
}

/// What of a cut was read afterwards; nothing when it could not be.
pub fn read_again(again: Option<u32>) -> Both {
    match again {
        Some(n) => {
            Both::new(format!("其间日志已补读，{n} 个事件"), format!("the log of it was read afterwards: {n} events"))
        }
        None => Both::default(),
    }
}

/// What was done with the policy dialog.
pub fn consent_act(act: ConsentAct) -> Both {
    match act {
        ConsentAct::Accepted => Both::new("同意隐私政策", "policy accepted"),
        ConsentAct::Refused => Both::new("拒绝隐私政策", "policy refused"),
        ConsentAct::Left => Both::new("未对隐私政策作答", "policy left unanswered"),
        ConsentAct::NoRefuseControl => Both::new("未找到拒绝选项", "no control to refuse was found"),
    }
}

/// What followed the answer to the policy dialog.
pub fn consent_after(after: ConsentAfter) -> Both {
    match after {
        ConsentAfter::Continued => Both::new("应用继续运行", "the app went on"),
        ConsentAfter::Exited => Both::new("应用退出", "the app left the screen"),
        ConsentAfter::AskedAgain => Both::new("再次弹出同一窗口", "the same dialog came again"),
        ConsentAfter::SecondDialog => Both::new("弹出挽留窗口", "another dialog asks to think again"),
        ConsentAfter::BasicMode => Both::new("进入基本功能模式", "a reduced mode was offered"),
        ConsentAfter::DeadEnd => Both::new("停留在几乎无法操作的页面", "a page on which little can be done"),
    }
}

/// How a step ended.
pub fn step_outcome(outcome: StepOutcome) -> Both {
    match outcome {
        StepOutcome::Done => Both::new("完成", "done"),
        StepOutcome::Failed => Both::new("未成功", "failed"),
        StepOutcome::Skipped => Both::new("未执行", "skipped"),
    }
}

/// Who is to blame.
pub fn blame(blame: Blame) -> Both {
    match blame {
        Blame::Scenario => Both::new("脚本", "the scenario"),
        Blame::App => Both::new("应用", "the app"),
        Blame::Device => Both::new("设备", "the device"),
        Blame::Host => Both::new("检测主机", "the host"),
    }
}

/// How an attempt ended; `None` is a record that stops without saying.
pub fn ended(ended: Option<Ended>) -> Both {
    match ended {
        Some(Ended::Completed) => Both::new("完成", "completed"),
        Some(Ended::Aborted) => Both::new("中途终止", "ended early"),
        Some(Ended::Stopped) => Both::new("被信号停止", "stopped by a signal"),
        None => Both::new("记录中断", "the record breaks off"),
    }
}

/// How a process ended.
pub fn process_end(end: ProcessEnd) -> Both {
    match end {
        ProcessEnd::Exited => Both::new("进程退出", "process exited"),
        ProcessEnd::Crashed => Both::new("应用崩溃", "app crashed"),
        ProcessEnd::NotResponding => Both::new("应用无响应", "app did not respond"),
        ProcessEnd::Killed => Both::new("进程被终止", "process killed"),
    }
}

/// Whether a function works.
pub fn function_outcome(outcome: FunctionOutcome) -> Both {
    match outcome {
        FunctionOutcome::Works => Both::new("可用", "works"),
        FunctionOutcome::Fails => Both::new("不可用", "fails"),
        FunctionOutcome::NotTried => Both::new("未测试", "not tried"),
    }
}

/// How the prompts of one install of a twin were answered.
pub fn twin_install(install: &TwinInstall) -> Both {
    let group = permission_group(&install.group);
    match install.answers {
        TwinAnswers::Allow => Both::new("全部允许", "everything allowed"),
        TwinAnswers::RefuseUnneeded => Both::new("拒绝非必要权限", "what the category does not need refused"),
        TwinAnswers::RefuseOne => Both::new(format!("仅拒绝{}", group.zh), format!("{} alone refused", group.en)),
    }
}

/// A permission group in words; its own name when it is not known.
pub fn permission_group(group: &str) -> Both {
    let (zh, en) = match group.rsplit('.').next().unwrap_or(group) {
        "LOCATION" => ("位置", "location"),
        "BACKGROUND_LOCATION" => ("后台位置", "location in the background"),
        "CAMERA" => ("相机", "camera"),
        "MICROPHONE" => ("麦克风", "microphone"),
        "CONTACTS" => ("通讯录", "contacts"),
        "CALENDAR" => ("日历", "calendar"),
        "CALL_LOG" => ("通话记录", "call log"),
        "SMS" => ("短信", "text messages"),
        "PHONE" => ("电话", "telephone"),
        "SENSORS" => ("身体传感器", "body sensors"),
        "ACTIVITY_RECOGNITION" => ("身体活动", "physical activity"),
        "NEARBY_DEVICES" => ("附近设备", "nearby devices"),
        "STORAGE" => ("存储", "storage"),
        "READ_MEDIA_VISUAL" => ("照片和视频", "photos and videos"),
        "READ_MEDIA_AURAL" => ("音乐和音频", "music and audio"),
        "NOTIFICATIONS" => ("通知", "notifications"),
        "INSTALLED_APPS" => ("应用列表", "list of installed apps"),
        other => (other, other),
    };
    Both::new(zh, en)
}

/// What a step of the tour came to.
pub fn twin_came(came: TwinCame) -> Both {
    match came {
        TwinCame::Opened => Both::new("打开页面", "a page opened"),
        TwinCame::Stayed => Both::new("停留原页", "stayed on the page"),
        TwinCame::Left => Both::new("转到其他应用", "another app came to the front"),
        TwinCame::Ended => Both::new("应用退出", "the app ended"),
        TwinCame::SignIn => Both::new("要求登录", "a page to sign in"),
        TwinCame::Missing => Both::new("没有该控件", "the control was not there"),
        TwinCame::NotReached => Both::new("未能到达", "its page was not reached"),
    }
}

/// What was done to the account.
pub fn account_act(act: AccountAct) -> Both {
    match act {
        AccountAct::SignUp => Both::new("注册账号", "sign up"),
        AccountAct::SignIn => Both::new("登录", "sign in"),
        AccountAct::RequestDeletion => Both::new("申请注销", "ask for deletion"),
        AccountAct::SignInAfterDeletion => Both::new("注销后再登录", "sign in after the deletion"),
    }
}

/// How that ended.
pub fn account_outcome(outcome: AccountOutcome) -> Both {
    match outcome {
        AccountOutcome::Accepted => Both::new("成功", "accepted"),
        AccountOutcome::Refused => Both::new("被拒绝", "refused"),
        AccountOutcome::Pending => Both::new("已受理，稍后完成", "taken, to be done later"),
        AccountOutcome::Unclear => Both::new("无法判断", "could not be told"),
        AccountOutcome::NoEffect => Both::new("操作无效", "the control did nothing"),
        AccountOutcome::NotReached => Both::new("未能到达入口", "the way to it was not found"),
        AccountOutcome::Elsewhere => Both::new("跳转到应用之外", "led out of the app"),
    }
}

/// How a search ended.
pub fn seek_outcome(outcome: SeekOutcome) -> Both {
    match outcome {
        SeekOutcome::Found => Both::new("已找到", "found"),
        SeekOutcome::NotFound => Both::new("未找到", "not found"),
        SeekOutcome::Blocked => Both::new("受阻", "blocked"),
    }
}

/// What was looked for.
pub fn concept(concept: Concept) -> Both {
    match concept {
        Concept::AccountDeletion => Both::new("账号注销入口", "account deletion"),
        Concept::PrivacyPolicy => Both::new("隐私政策", "privacy policy"),
        Concept::PersonalInfoList => Both::new("已收集个人信息清单", "list of collected information"),
        Concept::SdkList => Both::new("第三方SDK清单", "list of third-party SDKs"),
        Concept::RecommendationSwitch => Both::new("个性化推荐开关", "recommendation switch"),
        Concept::PermissionManagement => Both::new("权限管理", "permission management"),
        Concept::ComplaintChannel => Both::new("投诉举报渠道", "complaint channel"),
        Concept::DataCopy => Both::new("查阅复制个人信息", "copy of one's data"),
        Concept::CorrectInfo => Both::new("更正个人信息", "correction of one's information"),
        Concept::LogOut => Both::new("退出登录", "signing out"),
        Concept::GuardianConsent => Both::new("监护人同意", "guardian's consent"),
        Concept::ChildrenPolicy => Both::new("儿童个人信息规则", "rules for children"),
        Concept::SubscriptionCancel => Both::new("取消订阅", "cancelling a subscription"),
        Concept::WithdrawConsent => Both::new("撤回同意", "withdrawing consent"),
    }
}

/// What bounds a run.
pub fn limit(limit: LimitKind) -> Both {
    match limit {
        LimitKind::NoModel => Both::new("虚拟设备没有该应用的模型", "the virtual device has no model of this app"),
        LimitKind::SecureScreen => Both::new("画面受保护（黑屏）", "secure (black) screens"),
        LimitKind::BlankScreen => Both::new("屏幕未渲染", "the screen is not rendered"),
        LimitKind::EmulatorDetected => Both::new("应用识别出模拟器", "the app behaves as on an emulator"),
        LimitKind::LoginWall => Both::new("需登录且无账号", "a sign-in wall, and no account to pass it"),
        LimitKind::NoAccount => Both::new("未提供测试账号", "no test account was given"),
        LimitKind::NoNetworkCapture => Both::new("未抓取网络流量", "no network capture"),
        LimitKind::NoAppops => Both::new("无法读取访问记录", "app operations could not be read"),
        LimitKind::NoEventLog => Both::new("无法跟踪事件日志", "the event log could not be followed"),
        LimitKind::NoHierarchy => Both::new("无法读取界面结构", "the view hierarchy could not be read"),
        LimitKind::NoFunctions => Both::new("未编写基本功能脚本", "no functions were written for the app"),
        LimitKind::NoCategory => Both::new("未指定应用类别", "no category was given"),
        LimitKind::KeepsStopping => Both::new("应用反复崩溃", "the app keeps stopping"),
        LimitKind::OtherProcessor => Both::new(
            "应用的本地代码不支持该设备的处理器",
            "the app's native code is for other processors than the device's",
        ),
        LimitKind::Other => Both::new("其他限制", "another limit"),
    }
}

/// How prompts are answered.
pub fn prompt_policy(policy: PromptPolicy) -> Both {
    match policy {
        PromptPolicy::Ask => Both::new("由脚本步骤作答", "answered by the steps"),
        PromptPolicy::Allow => Both::new("全部允许", "allow everything"),
        PromptPolicy::Deny => Both::new("全部拒绝", "refuse everything"),
        PromptPolicy::DenyForGood => Both::new("全部拒绝且不再询问", "refuse everything for good"),
        PromptPolicy::DenyNonEssential => Both::new("拒绝本类应用非必要权限", "refuse what the category does not need"),
    }
}

/// How the policy dialog is answered.
pub fn consent_policy(policy: ConsentPolicy) -> Both {
    match policy {
        ConsentPolicy::Accept => Both::new("同意", "accept"),
        ConsentPolicy::Refuse => Both::new("拒绝", "refuse"),
        ConsentPolicy::Leave => Both::new("由脚本步骤作答", "left to the steps"),
    }
}

/// What a rule came to.
pub fn outcome(kind: OutcomeKind) -> Both {
    match kind {
        OutcomeKind::Observed => Both::new("检出", "observed"),
        OutcomeKind::NotObserved => Both::new("未检出", "not observed"),
        OutcomeKind::NotTriggered => Both::new("未触发", "not triggered"),
        OutcomeKind::NotAssessable => Both::new("无法评估", "not assessable"),
    }
}

/// A verdict, in two characters and one word: the stamp on the first page.
pub fn verdict(verdict: Verdict) -> Both {
    match verdict {
        Verdict::Clear => Both::new("未见", "clear"),
        Verdict::Findings => Both::new("检出", "findings"),
        Verdict::Incomplete => Both::new("未竟", "incomplete"),
        Verdict::Failed => Both::new("未成", "failed"),
    }
}

/// A reviewer's word.
pub fn review(word: crate::evidence::Word) -> Both {
    use crate::evidence::Word;
    match word {
        Word::Confirm => Both::new("确认", "confirmed"),
        Word::Reject => Both::new("否定", "rejected"),
        Word::Unsure => Both::new("不能确定", "unsure"),
    }
}

/// A person's word on an outcome, with the name.
pub fn said(said: &crate::report::summary::Said) -> Both {
    use crate::evidence::Word;
    let by = &said.by;
    match said.word {
        Word::Confirm => Both::new(format!("经 {by} 复核确认"), format!("confirmed by {by}")),
        Word::Reject => Both::new(format!("经 {by} 复核否定"), format!("rejected by {by}")),
        Word::Unsure => Both::new(format!("{by} 复核后不能确定"), format!("left open by {by}")),
    }
}

/// A severity of the catalogue.
pub fn severity(severity: &str) -> Both {
    match severity {
        "critical" => Both::new("严重", "critical"),
        "high" => Both::new("高", "high"),
        "medium" => Both::new("中", "medium"),
        "low" => Both::new("低", "low"),
        "info" => Both::new("提示", "lead"),
        other => Both::new(other, other),
    }
}

/// Where a threshold comes from.
pub fn origin(origin: &str) -> Both {
    match origin {
        "rule" => Both::new("现行规定", "a rule in force"),
        "standard" => Both::new("推荐性国家标准", "a recommended standard"),
        "informative-annex" => Both::new("标准的资料性附录", "an informative annex"),
        "association-standard" => Both::new("团体标准", "an association standard"),
        "industry-practice" => Both::new("行业惯例", "testers' practice"),
        "platform" => Both::new("安卓平台", "the Android platform"),
        "convention" => Both::new("通行做法", "common practice"),
        "tool-default" => Both::new("本工具默认值，非法定数字", "our default, no rule gives a number"),
        other => Both::new(other, other),
    }
}

/// What a touch on the device was.
pub fn input_act(act: &str) -> Both {
    match act {
        "tap" => Both::new("点击", "tap"),
        "key" => Both::new("按键", "key"),
        "text" => Both::new("输入", "type"),
        "swipe" => Both::new("滑动", "swipe"),
        "shell" => Both::new("命令", "command"),
        other => Both::new(other, other),
    }
}

/// A unit of the catalogue's thresholds.
pub fn unit(unit: &str) -> Both {
    match unit {
        "api level" => Both::new("级（API）", "API level"),
        "calendar days" => Both::new("个自然日", "calendar days"),
        "count" => Both::new("次", "times"),
        "days" => Both::new("天", "days"),
        "degrees" => Both::new("度", "degrees"),
        "h" => Both::new("小时", "h"),
        "menu levels" => Both::new("级菜单", "menu levels"),
        "min" => Both::new("分钟", "min"),
        "permission groups" => Both::new("个权限组", "permission groups"),
        "prompts" => Both::new("次询问", "prompts"),
        "ratio" => Both::new("（比值）", "(ratio)"),
        "requests" => Both::new("次申请", "requests"),
        "restarts" => Both::new("次重启", "restarts"),
        "returns of the same demand" => Both::new("次重复要求", "returns of the same demand"),
        "s" => Both::new("秒", "s"),
        "share of screen" => Both::new("（占屏幕比例）", "of the screen"),
        "taps" => Both::new("次点击", "taps"),
        "windows" => Both::new("个窗口", "windows"),
        "working days" => Both::new("个工作日", "working days"),
        "years" => Both::new("岁", "years"),
        // Units that are written alike: dp, sp, m/s².
        other => Both::new(other, other),
    }
}

/// What opened a pop-up.
pub fn opened_by(cause: &str) -> Both {
    match cause {
        "launch" => Both::new("启动后", "after a launch"),
        "tap" => Both::new("点击后", "after a tap"),
        "timer" => Both::new("自行弹出", "by itself"),
        "shake" => Both::new("晃动设备后", "after the device was moved"),
        "return" => Both::new("返回后", "after coming back"),
        "" => Both::new("不详", "not known"),
        other => Both::new(other, other),
    }
}
