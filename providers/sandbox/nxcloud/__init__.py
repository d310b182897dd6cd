"""NXCloud's side as the sandbox imitates it; written from nxcloud.md, apart from the adapter."""
